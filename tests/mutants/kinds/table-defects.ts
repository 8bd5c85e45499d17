import { csv, type Draft, type Table } from "../../verifiers/helpers/draft.ts";
import { cellsOf, dropColumn, editCsv, insertCells, placeOf, readCsv, setCells, textOf } from "../table.ts";
import type { MutantKind } from "./kind.ts";
import { mediaPath, renameIds, testTables } from "./rows.ts";
import {
  ANSWERS,
  categoryFeature,
  freeFeatures,
  hasTables,
  numberFeature,
  permutation,
  readBytes,
  SAMPLE,
  TEST,
  TRAIN,
  targetOf,
  toNumber,
} from "./truth.ts";

const WELL = "tables well-formed (unique columns, no ragged rows, UTF-8)";
const IDS = "ids unique, and equal between test, sample submission and answers";
const AGREE = "train and test agree in columns and types";
const TARGET = "target absent from test and present in train";
const MEDIA = "media files referenced exist, none orphaned";

function kind(
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
function rewrite(path: string): (draft: Draft) => void {
  return (draft) => editCsv(draft, path, () => {});
}

function text(path: string, change: (text: string) => string | Uint8Array): (draft: Draft) => void {
  return (draft) => void draft.files.set(path, change(textOf(draft, path)));
}

function first(draft: Draft): string {
  return freeFeatures(draft)[0] ?? "";
}

const hasFeature = (draft: Draft): boolean => freeFeatures(draft).length > 0;
const hasTwoFeatures = (draft: Draft): boolean => freeFeatures(draft).length > 1;
const hasNumber = (draft: Draft): boolean => numberFeature(draft) !== undefined;
const hasMedia = (draft: Draft): boolean => draft.manifest.media !== null;

/** Inserts the true targets into test, as its last column. */
function revealed(draft: Draft, name: string, cells: (answers: Table) => string[]): void {
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

function mediaFile(draft: Draft, path: string, row: number): string {
  return mediaPath(draft, cellsOf(readCsv(draft, path), draft.manifest.media?.column ?? "")[row] ?? "") ?? "";
}

/** Tables and media that are ill-formed or do not fit together. */
export const mutants: MutantKind[] = [
  kind(
    "test-holds-target",
    "test.csv has the target column with the true values (05: target absent from test; mle-bench #77).",
    TARGET,
    (draft) => revealed(draft, targetOf(draft), (answers) => cellsOf(answers, targetOf(draft))),
    rewrite(TEST),
  ),
  kind(
    "test-holds-target-some",
    "test.csv has the target column, filled in every fifth row (05: target absent from test).",
    TARGET,
    (draft) => {
      revealed(draft, targetOf(draft), (answers) =>
        cellsOf(answers, targetOf(draft)).map((cell, row) => (row % 5 === 0 ? cell : "")),
      );
    },
    rewrite(TEST),
  ),
  kind(
    "test-holds-empty-target",
    "test.csv has the target column without values (05: target absent from test).",
    TARGET,
    (draft) => {
      revealed(draft, targetOf(draft), (answers) => answers.rows.map(() => ""));
    },
    rewrite(TEST),
  ),
  kind(
    "test-holds-target-other-case",
    "test.csv has the true values in a column named as the target in other case (05: target absent from test; train and test agree in columns).",
    TARGET,
    (draft) => {
      const name = targetOf(draft);
      revealed(draft, name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase(), (answers) =>
        cellsOf(answers, name),
      );
    },
    rewrite(TEST),
  ),
  kind(
    "train-lacks-target",
    "train.csv has no target column (05: target present in train).",
    TARGET,
    (draft) => editCsv(draft, TRAIN, (table) => dropColumn(table, targetOf(draft))),
    rewrite(TRAIN),
  ),
  kind(
    "train-target-has-holes",
    "A third of the targets of train are empty (05: target present in train).",
    TARGET,
    (draft) => {
      editCsv(draft, TRAIN, (table) => {
        setCells(
          table,
          targetOf(draft),
          cellsOf(table, targetOf(draft)).map((cell, row) => (row % 3 === 1 ? "" : cell)),
        );
      });
    },
    rewrite(TRAIN),
  ),
  kind(
    "train-target-constant",
    "All targets of train are the same (05: every class of test is in train with enough rows).",
    "every class of test is in train with enough rows",
    (draft) => {
      editCsv(draft, TRAIN, (table) => {
        const cells = cellsOf(table, targetOf(draft));
        setCells(
          table,
          targetOf(draft),
          cells.map(() => cells[0] ?? ""),
        );
      });
    },
    rewrite(TRAIN),
  ),
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
  kind(
    "ids-repeat-in-test",
    "test.csv has one id twice and lacks another (05: ids unique, and equal between test, sample submission and answers).",
    IDS,
    (draft) => {
      editCsv(draft, TEST, (table) => {
        const [one, two] = table.rows;
        if (one !== undefined && two !== undefined) two[0] = one[0] ?? "";
      });
    },
    rewrite(TEST),
  ),
  kind(
    "ids-repeat-everywhere",
    "Test, sample submission and answers have the same id twice (05: ids unique).",
    IDS,
    (draft) => {
      const [one = "", two = ""] = readCsv(draft, TEST).rows.map((row) => row[0] ?? "");
      renameIds(draft, new Map([[two, one]]));
    },
    (draft) => renameIds(draft, new Map()),
  ),
  kind(
    "ids-differ-in-form",
    "The ids of test are written with leading noughts, those of the answers are not (05: ids equal).",
    IDS,
    (draft) => {
      editCsv(draft, TEST, (table) => {
        for (const row of table.rows) row[0] = `t-${row[0]}`;
      });
    },
    rewrite(TEST),
  ),
  kind(
    "ids-of-train-in-test",
    "Rows of test have ids that rows of train have too (05: ids unique).",
    "ids unique (over train and test)",
    (draft) => {
      const train = readCsv(draft, TRAIN).rows.map((row) => row[0] ?? "");
      const test = readCsv(draft, TEST).rows.map((row) => row[0] ?? "");
      const names = new Map(test.map((id, row) => [id, train[row] ?? id]));
      for (const path of testTables(draft)) {
        editCsv(draft, path, (table) => {
          for (const row of table.rows) row[0] = names.get(row[0] ?? "") ?? row[0] ?? "";
        });
      }
      renameIds(draft, new Map());
    },
    (draft) => renameIds(draft, new Map()),
    (draft) => readCsv(draft, TRAIN).columns[0] === draft.manifest.submission.id,
  ),
  kind(
    "ids-missing-in-test",
    "test.csv lacks rows that sample submission and answers have (05: ids equal between test, sample submission and answers).",
    IDS,
    (draft) => {
      editCsv(draft, TEST, (table) => table.rows.splice(1, 2));
    },
    rewrite(TEST),
  ),
  kind(
    "ids-not-first",
    "The id stands last in the sample submission (04: the first column is the id; 05: ids equal).",
    IDS,
    (draft) => {
      editCsv(draft, SAMPLE, (table) => {
        table.columns.push(table.columns.shift() ?? "");
        for (const row of table.rows) row.push(row.shift() ?? "");
      });
    },
    rewrite(SAMPLE),
  ),
  kind(
    "media-file-missing",
    "A file that a row of test names does not exist (05: media files referenced exist).",
    MEDIA,
    (draft) => void draft.files.delete(mediaFile(draft, TEST, 1)),
    rewrite(TEST),
    hasMedia,
  ),
  kind(
    "media-file-orphaned",
    "A media file is there that no row names (05: none orphaned).",
    MEDIA,
    (draft) => {
      const path = mediaFile(draft, TRAIN, 0);
      const content = Buffer.concat([readBytes(draft, mediaFile(draft, TRAIN, 1))]);
      draft.files.set(path.replace(/([^/]*)$/, "x$1"), content);
    },
    rewrite(TRAIN),
    hasMedia,
  ),
  kind(
    "media-file-truncated",
    "A tenth of the media files are cut in half and cannot be read (05: media files referenced exist).",
    `${MEDIA} (readable)`,
    (draft) => {
      const rows = readCsv(draft, TRAIN).rows.length;
      for (let row = 0; row < rows; row += 10) {
        const path = mediaFile(draft, TRAIN, row);
        const bytes = readBytes(draft, path);
        draft.files.set(path, Buffer.from(bytes.subarray(0, bytes.length >> 1)));
      }
    },
    rewrite(TRAIN),
    hasMedia,
  ),
  kind(
    "media-files-exchanged",
    "The media files of test stand under each other's names (05: strong over trivial).",
    "Fatal: strong over trivial (media of test exchanged)",
    (draft, random) => {
      const rows = readCsv(draft, TEST).rows.map((_row, place) => mediaFile(draft, TEST, place));
      const contents = rows.map((path) => draft.files.get(path) ?? "");
      for (const [place, from] of permutation(rows.length, random).entries()) {
        draft.files.set(rows[place] ?? "", contents[from] ?? "");
      }
    },
    rewrite(TEST),
    hasMedia,
  ),
];
