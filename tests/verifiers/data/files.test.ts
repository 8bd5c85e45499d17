import { gzipSync } from "node:zlib";
import { afterAll } from "vitest";
import { classificationPackage, regressionPackage } from "../helpers/base-packages.ts";
import { openBench } from "../helpers/bench.ts";
import { addFeature, answersOf, column, type Draft, editTable, editText } from "../helpers/draft.ts";
import { movements } from "../helpers/media-packages.ts";
import { testMutants, testTwins } from "../helpers/mutants.ts";

const bench = await openBench();
afterAll(() => bench.close());

const number = () => regressionPackage();
const classes = () => classificationPackage();

/** Renames the files that rows name, knowing their labels. */
function renameFiles(draft: Draft, rename: (path: string, label: string) => string): void {
  const labels = answersOf(draft);
  for (const path of ["public/train.csv", "public/test.csv"])
    editTable(draft, path, (table) => {
      const own = table.columns.includes("shape") ? column(table, "shape") : labels;
      table.rows.forEach((row, index) => {
        const before = row[1] ?? "";
        row[1] = rename(before, own[index] ?? "");
        draft.files.set(`public/${row[1]}`, draft.files.get(`public/${before}`) ?? "");
        draft.files.delete(`public/${before}`);
      });
    });
}

testMutants(bench, [
  [
    "answers-in-public",
    "answers beside the data",
    number,
    (draft) => draft.files.set("public/extra.csv", String(draft.files.get("private/test_answer.csv"))),
  ],
  [
    "answers-in-public",
    "answers packed",
    number,
    (draft) =>
      draft.files.set("public/model.bin", gzipSync(String(draft.files.get("private/test_answer.csv")))),
  ],
  [
    "answers-in-public",
    "answers in base64",
    classes,
    (draft) =>
      draft.files.set("public/weights.txt", Buffer.from(answersOf(draft).join("\n")).toString("base64")),
  ],
  [
    "answers-in-public",
    "answers renamed and in UTF-16",
    classes,
    (draft) =>
      draft.files.set(
        "public/codes.txt",
        Buffer.from(
          `\ufeff${answersOf(draft)
            .map((label) => ["ash", "birch", "cedar"].indexOf(label))
            .join(" ")}`,
          "utf16le",
        ),
      ),
  ],
  [
    "media-files-inconsistent",
    "a file that is absent",
    movements,
    (draft) =>
      draft.files.delete([...draft.files.keys()].find((path) => path.startsWith("public/walks/")) ?? ""),
  ],
  [
    "media-files-inconsistent",
    "a file that no row names",
    movements,
    (draft) => draft.files.set("public/walks/zzz.csv", "x\n1\n"),
  ],
  [
    "label-in-media",
    "the label in the file name",
    movements,
    (draft) => renameFiles(draft, (path, label) => path.replace("walks/", `walks/${label}-`)),
  ],
  [
    "label-in-media",
    "the label in the length of the name",
    movements,
    (draft) =>
      renameFiles(draft, (path, label) =>
        path.replace("walks/", label === "wave" ? "walks/walk" : "walks/wk"),
      ),
  ],
  [
    "personal-data",
    "addresses",
    number,
    (draft) => addFeature(draft, "contact", (_target, row) => `someone${row}@example.org`),
  ],
  [
    "prepare-signature-wrong",
    "no prepare",
    number,
    (draft) => editText(draft, "prepare.py", "def prepare(", "def build("),
  ],
  [
    "source-unparsable",
    "no Python",
    number,
    (draft) => draft.files.set("prepare.py", "def prepare(raw, public, private:\n"),
  ],
  [
    "metric-class-wrong",
    "swapped arguments",
    number,
    (draft) =>
      editText(
        draft,
        "metric.py",
        "y_true: pd.DataFrame, y_pred: pd.DataFrame",
        "y_pred: pd.DataFrame, y_true: pd.DataFrame",
      ),
  ],
  [
    "metric-class-wrong",
    "two classes",
    number,
    (draft) =>
      draft.files.set(
        "metric.py",
        `${draft.files.get("metric.py")}\n\nclass Another(CompetitionMetrics):\n    pass\n`,
      ),
  ],
  [
    "source-uses-network",
    "a download",
    number,
    (draft) =>
      editText(draft, "prepare.py", "import numpy as np", "import urllib.request\nimport numpy as np"),
  ],
  [
    "source-deletes-files",
    "raw removed",
    number,
    (draft) =>
      editText(
        draft,
        "prepare.py",
        "    frame = pd",
        "    import shutil\n    shutil.rmtree(raw)\n    frame = pd",
      ),
  ],
  [
    "source-has-absolute-path",
    "a path of a machine",
    number,
    (draft) => editText(draft, "prepare.py", 'raw / "data.csv"', '"/home/me/data.csv"'),
  ],
  [
    "source-unseeded-randomness",
    "no seed",
    number,
    (draft) => editText(draft, "prepare.py", "default_rng(1)", "default_rng()"),
  ],
  [
    "source-unseeded-randomness",
    "rows drawn by their number alone",
    number,
    (draft) =>
      editText(
        draft,
        "prepare.py",
        'pd.read_csv(raw / "data.csv")',
        'pd.read_csv(raw / "data.csv").sample(400)',
      ),
  ],
  [
    "source-unseeded-randomness",
    "the clock",
    number,
    (draft) => editText(draft, "prepare.py", "default_rng(1)", "default_rng(int(__import__('time').time()))"),
  ],
]);

testTwins(bench, [["rows that name files", movements]]);
