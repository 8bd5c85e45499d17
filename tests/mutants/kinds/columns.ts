import type { Draft, Table } from "../../verifiers/helpers/draft.ts";
import { editCsv, insertCells, readCsv, setCells, textOf } from "../table.ts";
import type { MutantKind } from "./kind.ts";
import { hasTables, shuffledTruth, TEST, TRAIN, type Truth, truthOf } from "./truth.ts";

/** A new feature: its cells for the rows of train, then those of test. */
export interface NewColumn {
  name: string;
  type: string;
  cells: string[];
  /** What its line in the description says beside the values. */
  note?: string;
}

/** Adds a feature after the last one to train and test, and declares it in manifest and description. */
export function addFeatureCells(draft: Draft, column: NewColumn): void {
  const taken = new Set([...readCsv(draft, TRAIN).columns, ...readCsv(draft, TEST).columns]);
  let name = column.name;
  while (taken.has(name)) name += "_2";
  const last = draft.manifest.features.at(-1)?.column;
  const insert = (table: Table, cells: string[]): void => {
    const place = last === undefined ? 0 : table.columns.indexOf(last);
    insertCells(table, Math.max(place, 0) + 1, name, cells);
  };
  let trainRows = 0;
  editCsv(draft, TRAIN, (table) => {
    trainRows = table.rows.length;
    insert(table, column.cells.slice(0, trainRows));
  });
  editCsv(draft, TEST, (table) => insert(table, column.cells.slice(trainRows)));
  describeFeature(draft, { ...column, name, cells: column.cells.slice(0, trainRows) }, last);
  draft.manifest.features.push({ column: name, type: column.type });
}

/** Changes the description in both places; a pattern that is not there changes nothing. */
export function retouchDescription(draft: Draft, change: (text: string) => string): void {
  const text = change(textOf(draft, "description.md"));
  draft.files.set("description.md", text);
  draft.files.set("public/description.md", text);
}

function describeFeature(draft: Draft, column: NewColumn, last: string | undefined): void {
  const known = column.cells.filter((cell) => cell !== "");
  const missing = (100 * (column.cells.length - known.length)) / Math.max(1, column.cells.length);
  const share = missing === 0 ? "0%" : `${missing.toPrecision(2)}%`;
  const note = column.note === undefined ? "" : `; ${column.note}`;
  const line = `| \`${column.name}\` | ${column.type} | ${valuesOf(known)}${note} | ${share} |`;
  const features = draft.manifest.features.length;
  retouchDescription(draft, (text) => {
    const before = text.split("\n").findLast((other) => other.startsWith(`| \`${last ?? ""}\` |`));
    return (before === undefined ? text : text.replace(`${before}\n`, () => `${before}\n${line}\n`))
      .replace(/(`(?:train|test)\.csv`: [\d,. ]+ rows, )(\d+)( columns)/g, (_all, head, count, tail) => {
        return `${head}${Number(count) + 1}${tail}`;
      })
      .replace(`from ${features} columns`, `from ${features + 1} columns`);
  });
}

function valuesOf(known: string[]): string {
  const numbers = known.map(Number).sort((left, right) => left - right);
  const distinct = [...new Set(known)];
  if (known.length > 0 && numbers.every(Number.isFinite)) {
    const median = numbers[Math.floor(numbers.length / 2)] ?? 0;
    return `${numbers[0]} to ${numbers.at(-1)}, median ${median}`;
  }
  const examples = distinct.slice(0, 2).map((text) => `\`${text.slice(0, 40)}\``);
  return `${distinct.length} distinct, e.g. ${examples.join(", ")}`;
}

/** Replaces the cells of a feature in train and test. */
export function replaceCells(draft: Draft, name: string, cells: string[]): void {
  let trainRows = 0;
  editCsv(draft, TRAIN, (table) => {
    trainRows = table.rows.length;
    setCells(table, name, cells.slice(0, trainRows));
  });
  editCsv(draft, TEST, (table) => setCells(table, name, cells.slice(trainRows)));
}

/** A leak as columns made from the truth; its twin makes them from the truth of other rows. */
export interface ColumnLeak {
  id: string;
  breaks: string;
  catalogue: string;
  /** Kinds of target for which the encoding makes sense; all by default. */
  targets?: "numeric" | "classes";
  /** More conditions. */
  also?(draft: Draft, truth: Truth): boolean;
  columns(truth: Truth, random: () => number, draft: Draft): NewColumn[];
  /** Another twin than the columns of the shuffled truth. */
  twinColumns?(truth: Truth, random: () => number, draft: Draft): NewColumn[];
}

/** The mutant of a leak in new columns. */
export function columnLeak(leak: ColumnLeak): MutantKind {
  const add = (draft: Draft, columns: NewColumn[]): void => {
    for (const column of columns) addFeatureCells(draft, column);
  };
  return {
    id: leak.id,
    breaks: leak.breaks,
    catalogue: leak.catalogue,
    applies(draft) {
      if (!hasTables(draft)) return false;
      const truth = truthOf(draft);
      if (leak.targets === "numeric" && !truth.numeric) return false;
      if (leak.targets === "classes" && (truth.numeric || truth.classes > 30)) return false;
      return leak.also?.(draft, truth) ?? true;
    },
    mutate(draft, random) {
      add(draft, leak.columns(truthOf(draft), random, draft));
    },
    twin(draft, random) {
      const truth = truthOf(draft);
      const columns =
        leak.twinColumns?.(truth, random, draft) ?? leak.columns(shuffledTruth(truth, random), random, draft);
      add(draft, columns);
    },
  };
}
