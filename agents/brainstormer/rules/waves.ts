import type { ColumnFacts } from "../../../dataset/survey.ts";
import { tokens } from "../../words/tokens.ts";
import type { Reading } from "./reading.ts";

/** Quantities that must come back in a later year before a table counts as a study in waves. */
const FEWEST_QUANTITIES = 2;

/** The column holds a later wave of a study that measured the same things in several years: `wt82` beside `wt71`. */
export function isLaterWave(reading: Reading, column: ColumnFacts): boolean {
  const years = new Map<string, Set<number>>();
  for (const { name } of reading.view.columns) {
    const year = yearOf(name);
    if (year === null) continue;
    const stem = name.replace(/\d+$/, "");
    years.set(stem, (years.get(stem) ?? new Set()).add(year));
  }
  const repeated = [...years.values()].filter((found) => found.size > 1);
  if (repeated.length < FEWEST_QUANTITIES) return false;
  const waves = new Set(repeated.flatMap((found) => [...found]));
  const first = Math.min(...waves);
  return yearsIn(column.name).some((year) => waves.has(year) && year > first);
}

/** All years that a name holds: 1982 and 1971 of `price71_82`. */
function yearsIn(name: string): number[] {
  return tokens(name)
    .flatMap((_, index, words) => [yearOf(words.slice(0, index + 1).join("_"))])
    .filter((year) => year !== null);
}

/** The year at the end of a name: `vote90` → 1990, `gdp_2018` → 2018; null when there is none. */
export function yearOf(name: string): number | null {
  const digits = /(?:^|\D)(\d{4}|\d{2})$/.exec(name)?.[1];
  if (digits === undefined) return null;
  const number = Number(digits);
  if (digits.length === 4) return number >= 1800 && number <= 2100 ? number : null;
  return number >= 50 ? 1900 + number : number <= 25 && digits.startsWith("0") ? 2000 + number : null;
}
