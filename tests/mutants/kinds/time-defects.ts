import type { Draft } from "../../verifiers/helpers/draft.ts";
import { placeOf, readCsv } from "../table.ts";
import { addFeatureCells } from "./columns.ts";
import type { MutantKind } from "./kind.ts";
import { editSides, exchange, swapRows } from "./rows.ts";
import { hasTables, TEST, TRAIN, truthOf } from "./truth.ts";

const TIME = "for data with time, test rows not after train rows, future columns";

interface Order {
  /** Rows in order of time, by series: whether a test row, its place, and the place among all rows. */
  series: { time: string; row: number }[][];
}

/** All rows (train, then test) by series, in order of time. */
function inTime(draft: Draft): Order {
  const { time, series } = draft.manifest.split;
  const groups = new Map<string, { time: string; row: number }[]>();
  let offset = 0;
  for (const path of [TRAIN, TEST]) {
    const table = readCsv(draft, path);
    const clock = placeOf(table, time ?? "");
    const places = series.map((name) => placeOf(table, name));
    for (const [row, cells] of table.rows.entries()) {
      const key = places.map((place) => cells[place]).join("|");
      const rows = groups.get(key) ?? [];
      rows.push({ time: cells[clock] ?? "", row: row + offset });
      groups.set(key, rows);
    }
    offset = table.rows.length;
  }
  const numeric = [...groups.values()]
    .flat()
    .every((item) => item.time !== "" && Number.isFinite(Number(item.time)));
  const before = (left: { time: string }, right: { time: string }): number => {
    return numeric
      ? Number(left.time) - Number(right.time)
      : left.time < right.time
        ? -1
        : left.time > right.time
          ? 1
          : 0;
  };
  return { series: [...groups.values()].map((rows) => rows.sort(before)) };
}

function hasTime(draft: Draft): boolean {
  const { time, series, strategy } = draft.manifest.split;
  if (time === null || strategy !== "time" || !hasTables(draft)) return false;
  return [TRAIN, TEST].every((path) =>
    [time, ...series].every((name) => readCsv(draft, path).columns.includes(name)),
  );
}

function timed(
  id: string,
  breaks: string,
  pairs: (train: number[], test: number[]) => [number, number][],
): MutantKind {
  return {
    id,
    breaks,
    catalogue: TIME,
    applies: hasTime,
    mutate(draft) {
      const order = inTime(draft);
      editSides(draft, (sides) => {
        const count = sides.train.rows.length;
        for (const rows of order.series) {
          const places = rows.map((item) => item.row);
          const train = places.filter((row) => row < count);
          const test = places.filter((row) => row >= count).map((row) => row - count);
          for (const [first, second] of pairs(train, test)) exchange(draft, sides, first, second);
        }
      });
    },
    twin(draft) {
      const train = readCsv(draft, TRAIN).rows.length;
      editSides(draft, (sides) => swapRows(sides.train.rows, train - 1, train - 1));
    },
  };
}

/** A column with the target of another time; empty where there is none. */
function displaced(id: string, breaks: string, steps: number): MutantKind {
  const add = (draft: Draft, sound: boolean): void => {
    const truth = truthOf(draft);
    const cells = truth.texts.map(() => "");
    for (const rows of inTime(draft).series) {
      const horizon = rows.filter((item) => item.row >= truth.trainRows).length;
      for (const [place, item] of rows.entries()) {
        const source = rows[sound ? place - horizon - steps : place + steps];
        if (source !== undefined) cells[item.row] = truth.texts[source.row] ?? "";
      }
    }
    addFeatureCells(draft, { name: "level", type: "number", cells });
  };
  return {
    id,
    breaks,
    catalogue: TIME,
    applies: (draft) =>
      hasTime(draft) && truthOf(draft).numeric && draft.manifest.target.columns.length === 1,
    mutate: (draft) => add(draft, false),
    twin: (draft) => add(draft, true),
  };
}

/** Times that are on the wrong side, and columns from the future. */
export const mutants: MutantKind[] = [
  timed(
    "time-test-before-train",
    "The earliest rows of every series are test, its last ones train (05: test rows not after train rows).",
    (train, test) => {
      return test.slice(0, train.length).map((row, place) => [train[place] ?? 0, row]);
    },
  ),
  timed(
    "time-overlap-by-one",
    "The last train row of every series is one step after its first test row (05: test rows not after train rows).",
    (train, test) => {
      const [last, first] = [train.at(-1), test[0]];
      return last === undefined || first === undefined ? [] : [[last, first]];
    },
  ),
  timed(
    "time-scattered",
    "Test rows are scattered over the time of train, though the split is called one by time (05: test rows not after train rows).",
    (train, test) => {
      const step = Math.max(1, Math.floor(train.length / Math.max(1, test.length)));
      return test.flatMap((row, place) =>
        place % 2 === 0 && place * step < train.length
          ? [[train[place * step] ?? 0, row] as [number, number]]
          : [],
      );
    },
  ),
  displaced("time-lead-one", "A column holds the target of the next step (05: future columns).", 1),
  displaced(
    "time-lead-zero",
    "A column holds the target of its own step, called a level (05: a column that is the target).",
    0,
  ),
];
