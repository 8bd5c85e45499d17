import { csv } from "../../verifiers/helpers/draft.ts";
import { cellsOf, dropColumn, editCsv, insertCells, placeOf, readCsv, setCells } from "../table.ts";
import type { MutantKind } from "./kind.ts";
import {
  AGREE,
  first,
  hasFeature,
  hasNumber,
  hasTwoFeatures,
  kind,
  rewrite,
  text,
  WELL,
} from "./table-defects-kit.ts";
import { categoryFeature, numberFeature, TEST, TRAIN, toNumber } from "./truth.ts";

/** Tables and media that are ill-formed or do not fit together. */
export const mutants: MutantKind[] = [
  kind(
    "test-column-renamed",
    "A column of test has another name than in train (05: train and test agree in columns).",
    AGREE,
    (draft) => {
      editCsv(draft, TEST, (table) => {
        table.columns[placeOf(table, first(draft))] = `${first(draft)}_x`;
      });
    },
    rewrite(TEST),
    hasFeature,
  ),
  kind(
    "test-column-trailing-blank",
    "A column name of test ends with a blank (05: train and test agree in columns).",
    AGREE,
    (draft) => {
      editCsv(draft, TEST, (table) => {
        table.columns[placeOf(table, first(draft))] = `${first(draft)} `;
      });
    },
    rewrite(TEST),
    hasFeature,
  ),
  kind(
    "test-column-missing",
    "test.csv lacks a feature of train (05: train and test agree in columns).",
    AGREE,
    (draft) => editCsv(draft, TEST, (table) => dropColumn(table, first(draft))),
    rewrite(TEST),
    hasTwoFeatures,
  ),
  kind(
    "test-column-additional",
    "test.csv has a column of noise that train lacks (05: train and test agree in columns).",
    AGREE,
    (draft, random) => {
      editCsv(draft, TEST, (table) =>
        insertCells(
          table,
          table.columns.length,
          "weight",
          table.rows.map(() => random().toFixed(3)),
        ),
      );
    },
    rewrite(TEST),
  ),
  kind(
    "test-number-with-unit",
    "Numbers of train are texts with a unit in test (05: train and test agree in types).",
    AGREE,
    (draft) => {
      const name = numberFeature(draft) ?? "";
      editCsv(draft, TEST, (table) =>
        setCells(
          table,
          name,
          cellsOf(table, name).map((cell) => (cell === "" ? cell : `${cell} u`)),
        ),
      );
    },
    rewrite(TEST),
    hasNumber,
  ),
  kind(
    "test-number-other-unit",
    "Numbers of test are a thousandfold of those of train, as in another unit (05: train and test agree in types; adversarial validation).",
    "train and test agree in columns and types; adversarial validation between train and test",
    (draft) => {
      const name = numberFeature(draft) ?? "";
      editCsv(draft, TEST, (table) => {
        setCells(
          table,
          name,
          cellsOf(table, name).map((cell) =>
            cell === "" ? cell : String(Number((toNumber(cell) * 1000 + 1e6).toPrecision(9))),
          ),
        );
      });
    },
    rewrite(TEST),
    (draft) => hasNumber(draft) && ["random", "stratified"].includes(draft.manifest.split.strategy),
  ),
  kind(
    "test-category-respelled",
    "A category is spelled otherwise in test than in train (05: train and test agree in types; adversarial validation).",
    "train and test agree in columns and types; adversarial validation between train and test",
    (draft) => {
      const name = categoryFeature(draft) ?? "";
      editCsv(draft, TEST, (table) =>
        setCells(
          table,
          name,
          cellsOf(table, name).map((cell) => (cell === "" ? cell : `${cell}.`)),
        ),
      );
    },
    rewrite(TEST),
    (draft) =>
      categoryFeature(draft) !== undefined &&
      ["random", "stratified"].includes(draft.manifest.split.strategy),
  ),
  kind(
    "table-column-twice",
    "train.csv has two columns of one name (05: unique columns).",
    WELL,
    (draft) => {
      editCsv(draft, TRAIN, (table) =>
        insertCells(table, table.columns.length, first(draft), cellsOf(table, first(draft))),
      );
    },
    rewrite(TRAIN),
    hasFeature,
  ),
  kind(
    "table-ragged-short",
    "A row of test.csv lacks its last cell (05: no ragged rows).",
    WELL,
    text(TEST, (content) => {
      const lines = content.trimEnd().split("\n");
      lines[lines.length - 1] = (lines.at(-1) ?? "").replace(/,[^,"]*$|,"[^"]*"$/, "");
      return `${lines.join("\n")}\n`;
    }),
    rewrite(TEST),
    (draft) => readCsv(draft, TEST).columns.length > 1,
  ),
  kind(
    "table-ragged-long",
    "A row of train.csv has a cell too many (05: no ragged rows).",
    WELL,
    text(TRAIN, (content) => `${content.trimEnd()},\n`),
    rewrite(TRAIN),
  ),
  kind(
    "table-latin1",
    "train.csv is in Latin-1, with letters beyond ASCII (05: UTF-8).",
    WELL,
    (draft) => {
      const table = readCsv(draft, TRAIN);
      const name = categoryFeature(draft) ?? "";
      const cells = cellsOf(table, name);
      setCells(
        table,
        name,
        cells.map((cell, row) => (row === 3 ? "\u00e9t\u00e9" : cell)),
      );
      draft.files.set(TRAIN, Buffer.from(csv(table), "latin1"));
    },
    rewrite(TRAIN),
    (draft) => categoryFeature(draft) !== undefined,
  ),
  kind(
    "table-null-bytes",
    "test.csv holds zero bytes (05: tables well-formed).",
    WELL,
    text(TEST, (content) => content.replace("\n", "\n\0")),
    rewrite(TEST),
  ),
  kind(
    "table-other-separator",
    "test.csv is separated by semicolons (05: tables well-formed; train and test agree in columns).",
    WELL,
    text(TEST, (content) => content.replaceAll(";", " ").replaceAll(",", ";")),
    rewrite(TEST),
    (draft) => readCsv(draft, TEST).columns.length > 1,
  ),
  kind(
    "table-test-empty",
    "test.csv has a header and no rows (05: test share and sizes sensible).",
    "test share and sizes sensible",
    (draft) => editCsv(draft, TEST, (table) => table.rows.splice(0)),
    rewrite(TEST),
  ),
];
