import type { Draft, Table } from "../../verifiers/helpers/draft.ts";
import { cellsOf, readCsv } from "../table.ts";

export const TRAIN = "public/train.csv";
export const TEST = "public/test.csv";
export const SAMPLE = "public/sample_submission.csv";
export const ANSWERS = "private/test_answer.csv";
export const UNITS = "private/units.csv";

/** The truth of all rows: those of train, then those of test, in the order of the files. */
export interface Truth {
  texts: string[];
  /** The target as a number: itself, or the place of its label. */
  numbers: number[];
  /** Few-valued: the place of the label, or the tenth of the distribution from 0 to 9. */
  codes: number[];
  /** How many codes there are. */
  classes: number;
  numeric: boolean;
  trainRows: number;
}

/** Whether the package has the four tables, and the target in train and answers. */
export function hasTables(draft: Draft): boolean {
  if (![TRAIN, TEST, SAMPLE, ANSWERS].every((path) => draft.files.has(path))) return false;
  const target = targetOf(draft);
  return [TRAIN, ANSWERS].every((path) => readCsv(draft, path).columns.includes(target));
}

/** The first target column. */
export function targetOf(draft: Draft): string {
  return draft.manifest.target.columns[0] ?? "";
}

/** A finite number, or NaN for what is none. */
export function toNumber(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text);
}

/** A short text for a number. */
export function show(value: number): string {
  return String(Number(value.toPrecision(7)));
}

/** The true target of every row. */
export function truthOf(draft: Draft): Truth {
  const target = targetOf(draft);
  const train = cellsOf(readCsv(draft, TRAIN), target);
  const answers = readCsv(draft, ANSWERS);
  const values = cellsOf(answers, target);
  const byId = new Map(answers.rows.map((row, index) => [row[0] ?? "", values[index] ?? ""]));
  const test = readCsv(draft, TEST).rows.map((row) => byId.get(row[0] ?? "") ?? "");
  return describeTruth([...train, ...test], train.length, draft.manifest.target.labels);
}

function describeTruth(texts: string[], trainRows: number, labels: string[] | null): Truth {
  const parsed = texts.map(toNumber);
  const found = new Set(texts);
  const distinct = [...found].sort();
  const numeric = parsed.every(Number.isFinite) && (labels === null || distinct.length > 20);
  const known = labels ?? distinct;
  const order = known.every((label) => found.has(label)) ? known : distinct;
  const place = new Map(order.map((label, index) => [label, index]));
  const codes = numeric ? tenths(parsed) : texts.map((text) => place.get(text) ?? order.length);
  const numbers = numeric ? parsed : codes;
  return { texts, numbers, codes, classes: numeric ? 10 : order.length, numeric, trainRows };
}

/** The rank of every value; equal values follow each other in a random order if a stream is given. */
export function ranks(values: number[], random: () => number = () => 0): number[] {
  const order = values.map((value, index) => ({ value, index, tie: random() }));
  order.sort((left, right) => left.value - right.value || left.tie - right.tie);
  const result = new Array<number>(values.length).fill(0);
  for (const [rank, { index }] of order.entries()) result[index] = rank;
  return result;
}

function tenths(values: number[]): number[] {
  const sorted = [...values].sort((left, right) => left - right);
  const bounds = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(
    (tenth) => sorted[Math.floor((tenth * sorted.length) / 10)] ?? 0,
  );
  return values.map((value) => bounds.filter((bound) => value >= bound).length);
}

/** A random order of 0 … count − 1. */
export function permutation(count: number, random: () => number): number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
}

/** The items in a random order. */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return permutation(items.length, random).map((place) => items[place] as T);
}

/** The truth of other rows: what a twin encodes. */
export function shuffledTruth(truth: Truth, random: () => number): Truth {
  const order = permutation(truth.texts.length, random);
  const pick = <T>(values: T[]): T[] => order.map((place) => values[place] as T);
  return { ...truth, texts: pick(truth.texts), numbers: pick(truth.numbers), codes: pick(truth.codes) };
}

/** Standard deviation; 1 where there is none. */
export function spread(values: number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return Math.sqrt(variance) || 1;
}

/** Rows of train and test as one list, for encodings that need their cells. */
export function bothCells(draft: Draft, name: string): string[] {
  return [...cellsOf(readCsv(draft, TRAIN), name), ...cellsOf(readCsv(draft, TEST), name)];
}

/** The features a mutant may write in: no group, time, series or media column. */
export function freeFeatures(draft: Draft): string[] {
  const { split, media, features } = draft.manifest;
  const taken = new Set([...split.groups, ...split.series, split.time ?? "", media?.column ?? ""]);
  const columns = (table: Table): Set<string> => new Set(table.columns);
  const [train, test] = [columns(readCsv(draft, TRAIN)), columns(readCsv(draft, TEST))];
  return features
    .map((feature) => feature.column)
    .filter((name) => !taken.has(name) && train.has(name) && test.has(name));
}

/** A free feature of numbers with many values, if there is one. */
export function numberFeature(draft: Draft): string | undefined {
  return freeFeatures(draft).find((name) => {
    const cells = bothCells(draft, name).filter((cell) => cell !== "");
    return cells.every((cell) => Number.isFinite(toNumber(cell))) && new Set(cells).size >= 20;
  });
}

/** A free feature of prose, if there is one. */
export function textFeature(draft: Draft): string | undefined {
  return freeFeatures(draft).find((name) => {
    const cells = bothCells(draft, name).filter((cell) => cell !== "");
    const long = cells.filter((cell) => cell.length >= 15 && cell.includes(" ")).length;
    return cells.length > 0 && long / cells.length > 0.7;
  });
}

/** A free feature of few names, if there is one. */
export function categoryFeature(draft: Draft): string | undefined {
  return freeFeatures(draft).find((name) => {
    const distinct = new Set(bothCells(draft, name).filter((cell) => cell !== ""));
    const named = [...distinct].every((cell) => !Number.isFinite(toNumber(cell)));
    return named && distinct.size >= 2 && distinct.size <= 30;
  });
}

/** The bytes of a file of the package. */
export function readBytes(draft: Draft, path: string): Uint8Array {
  const content = draft.files.get(path);
  if (content === undefined) throw new Error(`the package has no ${path}`);
  return typeof content === "string" ? Buffer.from(content) : content;
}
