import type { ColumnFacts } from "../../dataset/survey.ts";

/** All values of a column of classes, in small letters without quotes; empty when they are not all known. */
export function plainValues(column: ColumnFacts): ReadonlySet<string> {
  if (column.top.length === 0 || column.top.length < column.distinct) return new Set();
  return new Set(column.top.map(([value]) => plain(value)));
}

const plain = (text: string) =>
  text
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[^\p{L}\p{N}<>=+%]+/gu, " ")
    .trim();

/** A list with the values taken out: how many of them it names, and the words that are left. */
function compare(listing: string, values: ReadonlySet<string>): { met: number; words: string[] } {
  // A list that was clipped ends inside a word.
  let rest = ` ${plain(listing.replace(/\S*\s*\S*…$/, ""))} `;
  let met = 0;
  for (const value of [...values].sort((a, b) => b.length - a.length || (a < b ? -1 : 1))) {
    if (value === "") continue;
    const found = ` ${value} `;
    if (rest.includes(found)) met++;
    while (rest.includes(found)) rest = rest.replace(found, " | ");
  }
  const words = rest
    .split(/[\s|]+/)
    .filter((word) => word !== "" && !/^(?:and|or|the|to|of|as|\d{1,2})$/.test(word));
  return { met, words };
}

export const namesValues = (listing: string, values: ReadonlySet<string>) => compare(listing, values).met > 0;

export function namesOnlyValues(listing: string, values: ReadonlySet<string>): boolean {
  const { met, words } = compare(listing, values);
  return met > 0 && words.length === 0;
}

/**
 * A list of levels without what the values show anyway: empty when its words are only those of values, or when it names
 * none of them (it is then of other data); else the list itself, as it says what levels stand for.
 */
export function listNames(listing: string, values: ReadonlySet<string>): string {
  const text = listing.replace(/["“”]/g, "").trim();
  if (values.size === 0) return text;
  if (/\S\s*<\s*\S/.test(text) && !/<=|:/.test(text)) {
    const parts = text.split(/\s*<\s*/).map(plain);
    return parts.length >= 2 && [...values].every((value) => parts.includes(value)) ? text : "";
  }
  const { met, words } = compare(listing, values);
  return met === 0 || words.length === 0 ? "" : text;
}
