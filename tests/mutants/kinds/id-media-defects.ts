import { editCsv, readCsv } from "../table.ts";
import type { MutantKind } from "./kind.ts";
import { renameIds, testTables } from "./rows.ts";
import { hasMedia, IDS, kind, MEDIA, mediaFile, rewrite } from "./table-defects-kit.ts";
import { permutation, readBytes, SAMPLE, TEST, TRAIN } from "./truth.ts";

/** Tables and media that are ill-formed or do not fit together. */
export const mutants: MutantKind[] = [
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
