import { afterAll } from "vitest";
import { classificationPackage, regressionPackage, surveyPackage } from "../helpers/base-packages.ts";
import { openBench } from "../helpers/bench.ts";
import { addColumn, answersOf, type Draft, editTable, editText, normal, stream } from "../helpers/draft.ts";
import { testMutants, testTwins } from "../helpers/mutants.ts";

const bench = await openBench();
afterAll(() => bench.close());

const number = () => regressionPackage();
const classes = () => classificationPackage();
const random = stream(99);
const noise = (scale: number) => scale * normal(random);

/** Adds a table of columns to the page. */
function listColumns(draft: Draft, names: string[]): void {
  const rows = names.map((name) => `| \`${name}\` | number |\n`).join("");
  const text = `${draft.files.get("description.md")}\n### Columns\n\n| column | type |\n| --- | --- |\n${rows}`;
  for (const path of ["description.md", "public/description.md"]) draft.files.set(path, text);
}

testMutants(bench, [
  [
    "description-contradicts-data",
    "a table of columns without a row",
    number,
    (draft) => listColumns(draft, []),
  ],

  [
    "table-malformed",
    "a ragged row",
    number,
    (draft) => draft.files.set("public/train.csv", `${draft.files.get("public/train.csv")}1,2\n`),
  ],
  [
    "table-malformed",
    "not UTF-8",
    number,
    (draft) =>
      draft.files.set(
        "public/test.csv",
        Buffer.concat([
          Buffer.from(String(draft.files.get("public/test.csv"))),
          Buffer.from([0xff, 0xfe, 10]),
        ]),
      ),
  ],
  [
    "table-malformed",
    "a column twice",
    number,
    (draft) => editText(draft, "public/train.csv", "width,height", "width,width"),
  ],
  [
    "ids-inconsistent",
    "a test row without answer",
    number,
    (draft) => editTable(draft, "private/test_answer.csv", (table) => table.rows.pop()),
  ],
  [
    "ids-inconsistent",
    "an id twice",
    number,
    (draft) =>
      editTable(draft, "public/test.csv", (table) => {
        const [first, second] = table.rows;
        if (first && second) second[0] = first[0] ?? "";
      }),
  ],
  [
    "target-visible-in-test",
    "the target in the test",
    number,
    (draft) => editTable(draft, "public/test.csv", (table) => addColumn(table, "Price", answersOf(draft))),
  ],
  [
    "columns-disagree",
    "a feature missing in the test",
    number,
    (draft) =>
      editTable(draft, "public/train.csv", (table) =>
        addColumn(
          table,
          "extra",
          table.rows.map(() => "1"),
        ),
      ),
  ],
  [
    "columns-disagree",
    "another type in the test",
    number,
    (draft) =>
      editTable(draft, "public/test.csv", (table) =>
        table.rows.forEach((row) => {
          row[1] = `${row[1]} cm`;
        }),
      ),
  ],
  [
    "answers-invalid",
    "a missing answer",
    number,
    (draft) =>
      editTable(draft, "private/test_answer.csv", (table) => {
        if (table.rows[3]) table.rows[3][1] = "";
      }),
  ],
  [
    "answers-invalid",
    "an unknown label",
    classes,
    (draft) => editText(draft, "private/test_answer.csv", ",ash\n", ",oak\n"),
  ],
  ["test-size-unsound", "thirty test rows", () => regressionPackage(1, 120), () => {}],
  [
    "class-unsupported",
    "a class that train lacks",
    classes,
    (draft) =>
      editTable(draft, "public/train.csv", (table) => {
        table.rows = table.rows.filter((row) => row.at(-1) !== "ash");
      }),
  ],
  [
    "sample-submission-invalid",
    "a column missing",
    classes,
    (draft) => editText(draft, "public/sample_submission.csv", "id,tree", "id,species"),
  ],
  [
    "sample-submission-informative",
    "noisy answers as sample",
    number,
    (draft) =>
      editTable(draft, "public/sample_submission.csv", (table) =>
        table.rows.forEach((row, index) => {
          row[1] = String(Number(answersOf(draft)[index]) + noise(15));
        }),
      ),
  ],
  [
    "sample-submission-informative",
    "answers as sample",
    classes,
    (draft) =>
      editTable(draft, "public/sample_submission.csv", (table) =>
        table.rows.forEach((row, index) => {
          if (index % 3 === 0) row[1] = answersOf(draft)[index] ?? "";
        }),
      ),
  ],
]);

testTwins(bench, [
  [
    "a whole table of columns",
    () => {
      const draft = number();
      listColumns(
        draft,
        draft.manifest.features.map((feature) => `${feature.column}`),
      );
      return draft;
    },
  ],

  ["a survey of 1,600", () => surveyPackage(8, 1600)],
  ["a small sample of few values", () => surveyPackage(9, 240)],
]);
