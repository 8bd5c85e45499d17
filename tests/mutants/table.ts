import { csv, type Draft, type Table } from "../verifiers/helpers/draft.ts";

/** The text of a file of the package. */
export function textOf(draft: Draft, path: string): string {
  const content = draft.files.get(path);
  if (content === undefined) throw new Error(`the package has no ${path}`);
  return typeof content === "string" ? content : Buffer.from(content).toString("utf8");
}

/** Reads comma-separated text with quoted cells and line breaks inside them. */
export function parseCsv(text: string): Table {
  const rows: string[][] = [];
  let row: string[] = [];
  let place = 0;
  while (place < text.length) {
    let cell = "";
    if (text[place] === '"') {
      for (;;) {
        const end = text.indexOf('"', place + 1);
        if (end < 0) throw new Error("a quoted cell has no end");
        cell += text.slice(place + 1, end);
        place = end + 1;
        if (text[place] !== '"') break;
        cell += '"';
      }
    } else {
      const start = place;
      while (place < text.length && text[place] !== "," && text[place] !== "\n") place += 1;
      cell = text.slice(start, place).replace(/\r$/, "");
    }
    row.push(cell);
    if (text[place] === "\r") place += 1;
    if (text[place] === ",") {
      place += 1;
      if (place < text.length) continue;
      row.push("");
    }
    place += 1;
    rows.push(row);
    row = [];
  }
  const [columns = [], ...body] = rows;
  return { columns, rows: body };
}

/** Tables that were parsed last, by their text: kinds read the same few again and again. */
const parsed = new Map<string, Table>();
const KEPT = 8;

/** A table of the package; a copy, which may be changed. */
export function readCsv(draft: Draft, path: string): Table {
  const text = textOf(draft, path);
  const table = parsed.get(text) ?? parseCsv(text);
  parsed.delete(text);
  parsed.set(text, table);
  const [oldest] = parsed.keys();
  if (parsed.size > KEPT && oldest !== undefined) parsed.delete(oldest);
  return { columns: [...table.columns], rows: table.rows.map((row) => [...row]) };
}

/** Replaces a table of the package by what `change` makes of it. */
export function editCsv(draft: Draft, path: string, change: (table: Table) => void): void {
  const table = readCsv(draft, path);
  change(table);
  draft.files.set(path, csv(table));
}

/** The place of a column; an absent one is an error of the mutant. */
export function placeOf(table: Table, name: string): number {
  const place = table.columns.indexOf(name);
  if (place < 0) throw new Error(`no column ${name} among ${table.columns.join(", ")}`);
  return place;
}

/** A column's cells. */
export function cellsOf(table: Table, name: string): string[] {
  const place = placeOf(table, name);
  return table.rows.map((row) => row[place] ?? "");
}

/** Replaces a column's cells. */
export function setCells(table: Table, name: string, cells: string[]): void {
  const place = placeOf(table, name);
  for (const [index, row] of table.rows.entries()) row[place] = cells[index] ?? "";
}

/** Inserts a column at a place. */
export function insertCells(table: Table, place: number, name: string, cells: string[]): void {
  table.columns.splice(place, 0, name);
  for (const [index, row] of table.rows.entries()) row.splice(place, 0, cells[index] ?? "");
}

/** Removes a column. */
export function dropColumn(table: Table, name: string): void {
  const place = placeOf(table, name);
  table.columns.splice(place, 1);
  for (const row of table.rows) row.splice(place, 1);
}
