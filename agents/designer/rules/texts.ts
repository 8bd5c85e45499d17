import { datasetTitle } from "../../brainstormer/rules/candidates.ts";
import { ownParagraphs } from "../../brainstormer/rules/own-words.ts";
import type { Reading } from "../../brainstormer/rules/reading.ts";
import { clip } from "../../words/tokens.ts";

/** One to three short paragraphs in the dataset's own words; nothing is added to what its documentation says. */
export function background(reading: Reading): string {
  const title = datasetTitle(reading);
  const own = ownParagraphs(reading);
  const introduction = title === "" ? "" : `The data come from the dataset "${title}".`;
  if (own.length === 0) return introduction;
  const quoted = own.map((part) => `> ${clip(part, 700)}`).join("\n>\n");
  return `${introduction === "" ? "The data come with documentation, which says:" : `${introduction} Their documentation says:`}\n\n${quoted}`;
}
