import { datasetTitle } from "../../brainstormer/rules/candidates.ts";
import type { Reading } from "../../brainstormer/rules/reading.ts";
import { clip } from "../../words/tokens.ts";

const LICENCE_TALK =
  /\b(renamed|the dataset name has been|naming convention|suffix|package|loads lazily|lazy|data\(|help\(|replication data|R ecosystem|https?:|www\.)\b/i;

/** One to three short paragraphs in the dataset's own words; nothing is added to what its documentation says. */
export function background(reading: Reading): string {
  const title = datasetTitle(reading);
  const own = reading.documentation.abstract
    .map((part) =>
      part
        .split(/(?<=[.!?])\s+(?=[A-Z])/)
        .filter(
          (sentence) =>
            !LICENCE_TALK.test(sentence) &&
            !/(^|\s)(I|I'm|I've|my)\s/.test(sentence) &&
            !/^(See|Used in|Data from|Source)\b/.test(sentence) &&
            !/data frame (has|with|containing) \d+ (rows|observations)/i.test(sentence),
        )
        .join(" "),
    )
    .filter((part) => part.split(" ").length >= 6)
    .slice(0, 2);
  const paragraphs: string[] = [];
  if (title !== "") paragraphs.push(`The data are "${title}".`);
  if (own.length > 0) paragraphs.push(own.map((part) => `> ${clip(part, 700)}`).join("\n>\n"));
  if (own.length > 0)
    paragraphs[0] = `${paragraphs[0] ?? "The data come with their own documentation."} Their documentation says:`;
  return paragraphs.join("\n\n");
}
