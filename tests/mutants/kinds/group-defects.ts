import type { Draft } from "../../verifiers/helpers/draft.ts";
import { cellsOf, editCsv, placeOf, readCsv } from "../table.ts";
import type { MutantKind } from "./kind.ts";
import { editSides, exchange, keepRows, readSides, type Sides, swapRows } from "./rows.ts";
import { hasTables, permutation, TEST, TRAIN, UNITS } from "./truth.ts";

const GROUPS = "groups (people, sessions, sources) on both sides";

type Random = () => number;

/** The one column of groups that train and test both show. */
function groupColumn(draft: Draft): string | undefined {
  const name = draft.manifest.split.groups[0];
  if (name === undefined || draft.manifest.split.groups.length > 1 || !hasTables(draft)) return undefined;
  return [TRAIN, TEST].every((path) => readCsv(draft, path).columns.includes(name)) ? name : undefined;
}

/** Train rows of groups that have at least two rows there, one row per group. */
function boundary(sides: Sides, name: string): number[] {
  const rows = new Map<string, number[]>();
  for (const [row, group] of cellsOf(sides.train, name).entries()) {
    rows.set(group, [...(rows.get(group) ?? []), row]);
  }
  return [...rows].flatMap(([group, places]) => (group !== "" && places.length > 1 ? places.slice(-1) : []));
}

function grouped(
  id: string,
  breaks: string,
  apply: (draft: Draft, random: Random, sound: boolean) => void,
): MutantKind {
  return {
    id,
    breaks,
    catalogue: GROUPS,
    applies(draft) {
      const name = groupColumn(draft);
      if (name === undefined) return false;
      return boundary(readSides(draft), name).length > 0;
    },
    mutate: (draft, random) => apply(draft, random, false),
    twin: (draft, random) => apply(draft, random, true),
  };
}

/** Exchanges some boundary rows; the twin exchanges rows within train only. */
function cross(draft: Draft, count: number, random: Random, sound: boolean): void {
  const name = groupColumn(draft) ?? "";
  editSides(draft, (sides) => {
    const rows = boundary(sides, name);
    const sizes = new Map<string, number>();
    const groups = cellsOf(sides.test, name);
    for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
    // Groups with a single test row first: they change sides as a whole.
    const partners = permutation(groups.length, random).sort((left, right) => {
      return (sizes.get(groups[left] ?? "") ?? 0) - (sizes.get(groups[right] ?? "") ?? 0);
    });
    for (const [place, row] of rows.slice(0, Math.min(count, partners.length)).entries()) {
      const goal = partners[place] ?? 0;
      if (!sound) exchange(draft, sides, row, goal);
      else swapRows(sides.train.rows, row, partners[place] ?? 0);
    }
  });
  keepRows(
    draft,
    () => true,
    () => true,
  );
}

/** Renames the groups of test, with their units. */
function renameTest(draft: Draft, rename: (group: string) => string): void {
  const name = groupColumn(draft) ?? "";
  editCsv(draft, TEST, (table) => {
    const place = placeOf(table, name);
    for (const row of table.rows) row[place] = rename(row[place] ?? "");
  });
  const groups = new Map(readCsv(draft, TEST).rows.map((row) => [row[0], row]));
  const place = placeOf(readCsv(draft, TEST), name);
  if (!draft.files.has(UNITS)) return;
  editCsv(draft, UNITS, (table) => {
    for (const row of table.rows) row[1] = groups.get(row[0])?.[place] ?? row[1] ?? "";
  });
}

/** Groups that stand on both sides. */
export const mutants: MutantKind[] = [
  grouped(
    "group-off-by-one",
    "The last row of every group of train stands in test (05: groups on both sides).",
    (draft, random, sound) => cross(draft, 1_000_000, random, sound),
  ),
  grouped(
    "group-one-subject-both-sides",
    "One subject has a row on the other side (05: groups on both sides).",
    (draft, random, sound) => cross(draft, 1, random, sound),
  ),
  grouped(
    "group-respelled",
    "Subjects stand on both sides, in test in other case and with a blank (05: groups on both sides).",
    (draft, random, sound) => {
      cross(draft, 1_000_000, random, sound);
      if (!sound) renameTest(draft, (group) => ` ${group.toLowerCase()}`);
    },
  ),
  {
    id: "group-few-in-test",
    breaks: "A grouped test has rows of five groups alone (05: 10 groups for a grouped split).",
    catalogue: "Fewer than 10 groups for a grouped split is too few for a hidden test",
    applies: (draft) => {
      const name = groupColumn(draft);
      return name !== undefined && new Set(cellsOf(readCsv(draft, TEST), name)).size >= 10;
    },
    mutate(draft) {
      const names = [...new Set(cellsOf(readCsv(draft, TEST), groupColumn(draft) ?? ""))];
      renameTest(draft, (group) => names[names.indexOf(group) % 5] ?? group);
    },
    twin(draft) {
      const names = [...new Set(cellsOf(readCsv(draft, TEST), groupColumn(draft) ?? ""))];
      renameTest(draft, (group) => names[(names.indexOf(group) + 1) % names.length] ?? group);
    },
  },
];
