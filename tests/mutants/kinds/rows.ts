import type { Draft, Table } from "../../verifiers/helpers/draft.ts";
import { cellsOf, editCsv, readCsv, textOf } from "../table.ts";
import { retouchDescription } from "./columns.ts";
import { ANSWERS, hasTables, SAMPLE, TEST, TRAIN, targetOf, UNITS } from "./truth.ts";

/** The tables that list test rows, one line for each. */
export const TEST_TABLES = [TEST, SAMPLE, ANSWERS, UNITS];

/** Tables whose rows have no order of their own: no time, no series. */
export function isUnordered(draft: Draft): boolean {
  const { split } = draft.manifest;
  return hasTables(draft) && split.time === null && split.series.length === 0 && split.strategy !== "time";
}

/** Unordered tables whose rows may change sides one by one. */
export function isFree(draft: Draft): boolean {
  return isUnordered(draft) && draft.manifest.split.groups.length === 0 && !draft.files.has(UNITS);
}

/** Tables of the package by test row: those that exist and start with the id. */
export function testTables(draft: Draft): string[] {
  return TEST_TABLES.filter((path) => draft.files.has(path) && textOf(draft, path).length > 0);
}

/** Orders the rows of a table by a number for each id. */
export function orderBy(draft: Draft, path: string, keys: Map<string, number>): void {
  editCsv(draft, path, (table) => {
    table.rows.sort((left, right) => (keys.get(left[0] ?? "") ?? 0) - (keys.get(right[0] ?? "") ?? 0));
  });
}

/** Numbers the ids of a table anew in all tables of the package. */
export function renameIds(draft: Draft, names: Map<string, string>): void {
  for (const path of [TRAIN, ...testTables(draft)]) {
    editCsv(draft, path, (table) => {
      for (const row of table.rows) row[0] = names.get(row[0] ?? "") ?? row[0] ?? "";
    });
  }
  retouchDescription(draft, (text) => exampleRows(text, draft));
}

/** Shows the first rows of the sample submission in the description's example, as it did before. */
export function exampleRows(text: string, draft: Draft): string {
  const lines = textOf(draft, SAMPLE).split("\n");
  const header = lines[0] ?? "";
  const start = text.indexOf(`\n${header}\n`);
  const end = text.indexOf("\n```", start + 1);
  if (start < 0 || end < 0) return text;
  const shown = text.slice(start + 1, end).split("\n").length;
  return `${text.slice(0, start + 1)}${lines.slice(0, shown).join("\n")}${text.slice(end)}`;
}

/** The places of train and test rows where the other tables hold the rest of the row. */
export interface Sides {
  train: Table;
  test: Table;
  answers: Table;
  units: Table | undefined;
}

/** The tables of both sides, to look at. */
export function readSides(draft: Draft): Sides {
  return {
    train: readCsv(draft, TRAIN),
    test: readCsv(draft, TEST),
    answers: readCsv(draft, ANSWERS),
    units: draft.files.has(UNITS) ? readCsv(draft, UNITS) : undefined,
  };
}

/** Changes rows on both sides at once: a test row's target and unit are changed by its id. */
export function editSides(draft: Draft, change: (sides: Sides) => void): void {
  const sides = readSides(draft);
  change(sides);
  for (const [path, table] of [
    [TRAIN, sides.train],
    [TEST, sides.test],
    [ANSWERS, sides.answers],
    [UNITS, sides.units],
  ] as const) {
    if (table !== undefined) editCsv(draft, path, (old) => Object.assign(old, table));
  }
}

/** Columns that train and test share, but for the id. */
export function sharedColumns(sides: Sides): string[] {
  return sides.train.columns.filter((name, place) => place > 0 && sides.test.columns.includes(name));
}

/** Exchanges a train row with a test row: features, targets and units; ids stay where they are. */
export function exchange(draft: Draft, sides: Sides, trainRow: number, testRow: number): void {
  const left = sides.train.rows[trainRow];
  const right = sides.test.rows[testRow];
  const answer = sides.answers.rows.find((row) => row[0] === right?.[0]);
  if (left === undefined || right === undefined || answer === undefined) return;
  const swap = (one: string[], first: number, other: string[], second: number): void => {
    [one[first], other[second]] = [other[second] ?? "", one[first] ?? ""];
  };
  for (const name of sharedColumns(sides)) {
    swap(left, sides.train.columns.indexOf(name), right, sides.test.columns.indexOf(name));
  }
  for (const name of sides.train.columns.slice(1)) {
    const second = sides.answers.columns.indexOf(name);
    if (second > 0 && !sides.test.columns.includes(name)) {
      swap(left, sides.train.columns.indexOf(name), answer, second);
    }
  }
  const unit = sides.units?.rows.find((row) => row[0] === right[0]);
  const groups = draft.manifest.split.groups;
  if (unit !== undefined && groups.every((name) => sides.test.columns.includes(name))) {
    unit[1] = groups.map((name) => right[sides.test.columns.indexOf(name)] ?? "").join(" | ");
  }
}

/** Removes rows by id, with the media files that only they name, and corrects sizes in manifest and description. */
export function keepRows(
  draft: Draft,
  keepTrain: (row: number) => boolean,
  keepTest: (row: number) => boolean,
) {
  const before = mediaNames(draft);
  const old = { ...draft.manifest.split.sizes };
  const gone = new Set<string>();
  for (const [path, keep] of [
    [TRAIN, keepTrain],
    [TEST, keepTest],
  ] as const) {
    editCsv(draft, path, (table) => {
      table.rows.forEach((row, place) => {
        if (!keep(place)) gone.add(row[0] ?? "");
      });
      table.rows = table.rows.filter((_row, place) => keep(place));
    });
  }
  for (const path of testTables(draft).filter((path) => path !== TEST)) {
    editCsv(draft, path, (table) => {
      table.rows = table.rows.filter((row) => !gone.has(row[0] ?? ""));
    });
  }
  const after = mediaNames(draft);
  for (const name of before) if (!after.has(name)) draft.files.delete(mediaPath(draft, name) ?? "");
  const sizes = { train: readCsv(draft, TRAIN).rows.length, test: readCsv(draft, TEST).rows.length };
  draft.manifest.split.sizes = sizes;
  retouchDescription(draft, (text) => exampleRows(recount(text, old, sizes, draft), draft));
}

/** Corrects what the description says of the numbers of rows. */
function recount(
  text: string,
  old: { train: number; test: number },
  now: { train: number; test: number },
  draft: Draft,
): string {
  const lines = text.split("\n").map((line) => {
    if (line.includes("`train.csv`")) return line.replace(countPattern(old.train), `$1${now.train} rows`);
    if (/`(test|sample_submission)\.csv`/.test(line)) {
      return line.replace(countPattern(old.test), `$1${now.test} rows`);
    }
    return line;
  });
  const values = cellsOf(readCsv(draft, TRAIN), targetOf(draft));
  const table = lines.map((line) => {
    const label = /^\| `(.*)` \| ([\d,]+) \| ([\d.]+)% \|$/.exec(line)?.[1];
    if (label === undefined) return line;
    const rows = values.filter((value) => value === label).length;
    return `| \`${label}\` | ${rows} | ${Number(((100 * rows) / values.length).toPrecision(3))}% |`;
  });
  const share = (sizes: { train: number; test: number }): string => {
    return `(${Number(((100 * sizes.test) / (sizes.train + sizes.test)).toPrecision(3))}% of the rows)`;
  };
  return table.join("\n").replace(share(old), share(now));
}

function countPattern(count: number): RegExp {
  const written = [
    String(count),
    count.toLocaleString("en-US"),
    count.toLocaleString("en-US").replace(",", " "),
  ];
  return new RegExp(`(^|[^\\d,.])(?:${written.join("|")}) rows`);
}

/** Names of media files that the rows of train and test hold. */
export function mediaNames(draft: Draft): Set<string> {
  const column = draft.manifest.media?.column;
  if (column === undefined) return new Set();
  return new Set([TRAIN, TEST].flatMap((path) => cellsOf(readCsv(draft, path), column)));
}

/** Where the media file that a row names lies in the package. */
export function mediaPath(draft: Draft, name: string): string | undefined {
  if (draft.files.has(`public/${name}`)) return `public/${name}`;
  return [...draft.files.keys()].find((path) => path.startsWith("public/") && path.endsWith(`/${name}`));
}

/** Exchanges two rows of one table but for their ids. */
export function swapRows(rows: string[][], first: number, second: number): void {
  const [left, right] = [rows[first], rows[second]];
  if (left === undefined || right === undefined) return;
  const copy = left.slice(1);
  left.splice(1, left.length, ...right.slice(1));
  right.splice(1, right.length, ...copy);
}
