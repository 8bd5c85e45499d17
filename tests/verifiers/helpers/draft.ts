import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Manifest } from "../../../task/manifest.ts";

/** A package in memory: what mutants change before it is written. */
export interface Draft {
  manifest: Omit<Manifest, "files">;
  /** Path → content; everything but task.json. */
  files: Map<string, string | Uint8Array>;
}

/** A table as header and rows of texts. */
export interface Table {
  columns: string[];
  rows: string[][];
}

export function csv(table: Table): string {
  return [table.columns, ...table.rows]
    .map((row) => row.map(cell).join(","))
    .join("\n")
    .concat("\n");
}

function cell(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Reads a table that `csv` wrote, without quotes or line breaks inside cells. */
export function readTable(draft: Draft, path: string): Table {
  const text = draft.files.get(path);
  if (typeof text !== "string") throw new Error(`${path} is no text`);
  const [columns = [], ...rows] = text
    .trimEnd()
    .split("\n")
    .map((line) => line.split(","));
  return { columns, rows };
}

/** Replaces a table by what `change` makes of it. */
export function editTable(draft: Draft, path: string, change: (table: Table) => void): void {
  const table = readTable(draft, path);
  change(table);
  draft.files.set(path, csv(table));
}

/** Replaces text in a file; a replacement that finds nothing is an error of the test. */
export function editText(draft: Draft, path: string, from: string | RegExp, to: string): void {
  const text = draft.files.get(path);
  if (typeof text !== "string") throw new Error(`${path} is no text`);
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`nothing to replace in ${path}`);
  draft.files.set(path, changed);
}

/** Changes the description in both places. */
export function editDescription(draft: Draft, from: string | RegExp, to: string): void {
  editText(draft, "description.md", from, to);
  draft.files.set("public/description.md", draft.files.get("description.md") ?? "");
}

/** A column's values by name. */
export function column(table: Table, name: string): string[] {
  const place = table.columns.indexOf(name);
  return table.rows.map((row) => row[place] ?? "");
}

/** The hidden answers: values of the target's first column. */
export function answersOf(draft: Draft): string[] {
  return column(readTable(draft, "private/test_answer.csv"), draft.manifest.target.columns[0] ?? "");
}

/** Adds a column after the first. */
export function addColumn(table: Table, name: string, values: string[]): void {
  table.columns.push(name);
  for (const [index, row] of table.rows.entries()) row.push(values[index] ?? "");
}

/** Adds a feature to train and test from the target's value and the row number, and declares it. */
export function addFeature(draft: Draft, name: string, value: (target: string, row: number) => string): void {
  const [target = ""] = draft.manifest.target.columns;
  const answers = readTable(draft, "private/test_answer.csv");
  const truth = new Map(answers.rows.map((row) => [row[0], row[answers.columns.indexOf(target)] ?? ""]));
  let numbers = true;
  editTable(draft, "public/train.csv", (table) => {
    const cells = column(table, target).map((text, row) => value(text, row));
    numbers = cells.every((cell) => Number.isFinite(Number(cell)));
    addColumn(table, name, cells);
  });
  editTable(draft, "public/test.csv", (table) => {
    addColumn(
      table,
      name,
      table.rows.map((row, index) => value(truth.get(row[0]) ?? "", 10_000 + index)),
    );
  });
  draft.manifest.features.push({ column: name, type: numbers ? "number" : "string" });
}

/** Writes the package with a manifest that lists its files. */
export async function savePackage(draft: Draft, folder: string): Promise<string> {
  const files = [...draft.files].filter(([path]) => path !== "task.json");
  for (const [path, content] of draft.files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  if (!draft.files.has("task.json")) {
    const listed = files
      .filter(([path]) => path !== "certificate.json")
      .map(([path, content]) => ({
        path,
        bytes: Buffer.byteLength(content),
        sha256: createHash("sha256").update(content).digest("hex"),
      }))
      .sort((left, right) => (left.path < right.path ? -1 : 1));
    await writeFile(join(folder, "task.json"), JSON.stringify({ ...draft.manifest, files: listed }));
  }
  return folder;
}

/** A seeded stream of numbers between 0 and 1 (mulberry32). */
export function stream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Roughly normal numbers from a stream of uniform ones. */
export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
