import type { Draft, Table } from "../../verifiers/helpers/draft.ts";
import { cellsOf, editCsv, insertCells, readCsv, textOf } from "../table.ts";
import type { MutantKind } from "./kind.ts";
import { mediaPath } from "./rows.ts";
import { ANSWERS, freeFeatures, hasTables, numberFeature, TEST } from "./truth.ts";

export const WELL = "tables well-formed (unique columns, no ragged rows, UTF-8)";
export const IDS = "ids unique, and equal between test, sample submission and answers";
export const AGREE = "train and test agree in columns and types";
export const TARGET = "target absent from test and present in train";
export const MEDIA = "media files referenced exist, none orphaned";

export function kind(
  id: string,
  breaks: string,
  catalogue: string,
  mutate: (draft: Draft, random: () => number) => void,
  twin: (draft: Draft, random: () => number) => void,
  also: (draft: Draft) => boolean = () => true,
): MutantKind {
  return { id, breaks, catalogue, applies: (draft) => hasTables(draft) && also(draft), mutate, twin };
}

/** Writes a table anew as it was. */
export function rewrite(path: string): (draft: Draft) => void {
  return (draft) => editCsv(draft, path, () => {});
}

export function text(path: string, change: (text: string) => string | Uint8Array): (draft: Draft) => void {
  return (draft) => void draft.files.set(path, change(textOf(draft, path)));
}

export function first(draft: Draft): string {
  return freeFeatures(draft)[0] ?? "";
}

export const hasFeature = (draft: Draft): boolean => freeFeatures(draft).length > 0;
export const hasTwoFeatures = (draft: Draft): boolean => freeFeatures(draft).length > 1;
export const hasNumber = (draft: Draft): boolean => numberFeature(draft) !== undefined;
export const hasMedia = (draft: Draft): boolean => draft.manifest.media !== null;

/** Inserts the true targets into test, as its last column. */
export function revealed(draft: Draft, name: string, cells: (answers: Table) => string[]): void {
  const answers = readCsv(draft, ANSWERS);
  const values = cells(answers);
  const byId = new Map(answers.rows.map((row, place) => [row[0], values[place] ?? ""]));
  editCsv(draft, TEST, (table) => {
    insertCells(
      table,
      table.columns.length,
      name,
      table.rows.map((row) => byId.get(row[0]) ?? ""),
    );
  });
}

export function mediaFile(draft: Draft, path: string, row: number): string {
  return mediaPath(draft, cellsOf(readCsv(draft, path), draft.manifest.media?.column ?? "")[row] ?? "") ?? "";
}
