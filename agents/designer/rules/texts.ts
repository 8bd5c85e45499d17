import { datasetTitle } from "../../brainstormer/rules/candidates.ts";
import { ownParagraphs } from "../../brainstormer/rules/own-words.ts";
import type { Reading } from "../../brainstormer/rules/reading.ts";
import { clip } from "../../words/tokens.ts";

/** What is said of all rows is no longer true of a part of them. */
const COUNTS_ROWS =
  /\b(\d+|two|three|four|each|every|several)\b[^.]{0,40}\b(records?|rows|observations|lines)\b/i;

/**
 * One to three short paragraphs in the dataset's own words; nothing is added to what its documentation says. Of a `part` of
 * the rows, nothing is repeated that counts all of them.
 */
export function background(reading: Reading, part = false): string {
  const title = datasetTitle(reading);
  const own = ownParagraphs(reading).filter((text) => !part || !COUNTS_ROWS.test(text));
  const introduction = title === "" ? "" : `The data come from the dataset "${title}".`;
  if (own.length === 0) return introduction;
  const quoted = own.map((part) => `> ${clip(part, 700)}`).join("\n>\n");
  return `${introduction === "" ? "The data come with documentation, which says:" : `${introduction} Their documentation says:`}\n\n${quoted}`;
}
