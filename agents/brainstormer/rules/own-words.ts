import type { Reading } from "./reading.ts";

const LICENCE_TALK =
  /\b(renamed|the dataset name has been|naming convention|suffix|package|loads lazily|load lazily|lazy|data\(|help\(|replication data|R ecosystem|https?:|www\.|kindly provided|confidentiality|working paper|dissertation|archive at)\b/i;

/** Where data were published: `Journal of …, 13, 163-183`, `(1998), "…"`. */
const CITATION =
  /\bJournal of\b|\b(Press|Wiley|Springer)\b|\bpp?\.? ?\d|\b\d{1,3}(\(\d+\))?, ?\d+ ?[-–] ?\d+|\((19|20)\d\d[a-z]?\), ?["“‘]/;

/** What the documentation says of the data, without talk of packages, licences and sources, and not the title again. */
export function ownParagraphs(reading: Reading): string[] {
  const flat = (text: string) =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, " ")
      .trim();
  const title = flat(reading.documentation.title);
  return reading.documentation.abstract
    .map((part) =>
      part
        .replace(/^Wooldridge Source: ?/i, "")
        .split(/(?<=[^A-Z\s][.!?][”"]?)\s+(?=[A-Z“"])/)
        .filter(
          (sentence) =>
            !LICENCE_TALK.test(sentence) &&
            !CITATION.test(sentence) &&
            !/(^|\s)(I|I'm|I've|my|me)\s/.test(sentence) &&
            !/^(See|Used in|Data from|Source|\S+ Source)\b/.test(sentence) &&
            !/data ?frame (has|with|containing) \d+ (rows|observations)/i.test(sentence) &&
            flat(sentence) !== title,
        )
        .join(" "),
    )
    .filter((part) => part.split(" ").length >= 6)
    .slice(0, 2);
}
