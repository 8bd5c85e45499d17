import { afterAll, describe, expect, test } from "vitest";
import { assertPackage } from "../../../verifiers/verify.ts";
import { classificationPackage, regressionPackage } from "../helpers/base-packages.ts";
import { failedChecks, openBench } from "../helpers/bench.ts";
import {
  addColumn,
  addFeature,
  answersOf,
  column,
  type Draft,
  editTable,
  normal,
  readTable,
  stream,
} from "../helpers/draft.ts";
import { demand, molecules, nests, patients } from "../helpers/grouped-packages.ts";
import { testMutants, testTwins } from "../helpers/mutants.ts";

const bench = await openBench();
afterAll(() => bench.close());

const number = () => regressionPackage();
const random = stream(99);

/** Appends copies of train rows to the test, with noise in the first feature. */
function copyRows(draft: Draft, count: number, jitter: number): void {
  const train = readTable(draft, "public/train.csv");
  const [target = ""] = draft.manifest.target.columns;
  const copies = train.rows.slice(0, count);
  const names = readTable(draft, "public/test.csv").columns;
  editTable(draft, "public/test.csv", (table) => {
    copies.forEach((row, index) => {
      const cells = names.map((name) => row[train.columns.indexOf(name)] ?? "");
      cells[0] = table.rows[index]?.[0] ?? "";
      if (jitter > 0) cells[1] = (Number(cells[1]) + jitter * normal(random)).toFixed(5);
      table.rows[index] = cells;
    });
  });
  editTable(draft, "private/test_answer.csv", (table) => {
    copies.forEach((row, index) => {
      const answer = table.rows[index];
      if (answer) answer[table.columns.indexOf(target)] = row[train.columns.indexOf(target)] ?? "";
    });
  });
}

function sortBy(draft: Draft, path: string, name: string): void {
  editTable(draft, path, (table) => {
    const place = table.columns.indexOf(name);
    const key = (row: string[]) => row[place] ?? "";
    const numeric = table.rows.every((row) => Number.isFinite(Number(key(row))));
    table.rows.sort((left, right) =>
      numeric ? Number(key(left)) - Number(key(right)) : key(left) < key(right) ? -1 : 1,
    );
  });
}

testMutants(bench, [
  [
    "order-predicts-target",
    "train sorted by class",
    classificationPackage,
    (draft) => sortBy(draft, "public/train.csv", "tree"),
  ],
  [
    "order-predicts-target",
    "ids in the order of the target",
    number,
    (draft) => {
      sortBy(draft, "public/train.csv", "price");
      editTable(draft, "public/train.csv", (table) => {
        table.rows.forEach((row, index) => {
          row[0] = String(90_000 + index);
        });
        table.rows.sort(() => random() - 0.5);
      });
    },
  ],
  ["duplicates-across-sides", "equal rows", number, (draft) => copyRows(draft, 30, 0)],
  ["duplicates-across-sides", "near-equal rows", number, (draft) => copyRows(draft, 40, 0.002)],
  [
    "undeclared-group-on-both-sides",
    "a patient's rows on both sides",
    () => patients("random", 20),
    () => {},
  ],
  ["undeclared-group-on-both-sides", "mates of a nest on both sides", () => nests("random"), () => {}],
  ["duplicates-across-sides", "salts and mirror images of one molecule", () => molecules(true), () => {}],
  [
    "group-on-both-sides",
    "one group too many",
    () => patients("group", 20),
    (draft) =>
      editTable(draft, "public/test.csv", (table) => {
        if (table.rows[0])
          table.rows[0][1] = column(readTable(draft, "public/train.csv"), "patient")[0] ?? "";
      }),
  ],
  [
    "time-order-broken",
    "a test row before train rows",
    demand,
    (draft) =>
      editTable(draft, "public/test.csv", (table) => {
        if (table.rows[5]) table.rows[5][1] = "2020-02-02";
      }),
  ],
  [
    "future-in-features",
    "the value of yesterday",
    demand,
    (draft) => {
      draft.manifest.features.push({ column: "yesterday", type: "number" });
      const lag = (values: string[]) => values.map((_, index) => values[index - 1] ?? "");
      editTable(draft, "public/train.csv", (table) =>
        addColumn(table, "yesterday", lag(column(table, "demand"))),
      );
      editTable(draft, "public/test.csv", (table) => addColumn(table, "yesterday", lag(answersOf(draft))));
    },
  ],
  [
    "train-and-test-differ",
    "another unit in the test",
    number,
    (draft) =>
      editTable(draft, "public/test.csv", (table) =>
        table.rows.forEach((row) => {
          row[3] = String(Number(row[3]) + 25);
        }),
      ),
  ],
]);

describe("words of sentences stand in the order of the text", () => {
  /** Rows sorted by class, five to a sentence: the sentence's number is a feature. */
  function sentences(counted: boolean): Draft {
    const draft = classificationPackage();
    sortBy(draft, "public/train.csv", "tree");
    const place = (row: number) => (row < 10_000 ? row : row - 10_000 + 5000);
    addFeature(draft, "sentence", (_target, row) => String(Math.floor(place(row) / 5)));
    addFeature(draft, "position", (_target, row) => String(counted ? place(row) % 5 : (place(row) * 7) % 3));
    draft.manifest.split.strategy = "group";
    draft.manifest.split.groups = ["sentence"];
    return draft;
  }

  test.each([
    ["an order that two columns tell everybody is no leak", true, []],
    ["an order that no column counts is", false, ["order-predicts-target"]],
  ])("%s", async (_name, counted, expected) => {
    const only = ["order-predicts-target"];
    const records = await assertPackage(await bench.save(sentences(counted)), bench.services, { only });
    expect(failedChecks(records)).toEqual(expected);
  });
});

describe("groups of a column that the files do not have, named as the package's own id", () => {
  const only = ["test-size-unsound", "group-on-both-sides"];
  test.each([
    [12, []],
    [6, ["test-size-unsound"]],
  ])("are counted as the units say: %i", async (groups, expected) => {
    const draft = patients("group", 20);
    const ids = column(readTable(draft, "private/test_answer.csv"), "id");
    const rows = ids.map((id, row) => `${id},${row % groups}`);
    draft.files.set("private/units.csv", `id,unit\n${rows.join("\n")}\n`);
    draft.manifest.split.groups = ["id"];
    const records = await assertPackage(await bench.save(draft), bench.services, { only });
    expect(failedChecks(records)).toEqual(expected);
    const { measured } = records.find(({ check }) => check === "test-size-unsound") ?? {};
    expect(measured).toMatchObject({ "test groups": groups });
  });
});

testTwins(bench, [
  ["patients kept apart", () => patients("group", 20)],
  ["nests kept apart", () => nests("group")],
  ["molecules kept apart", () => molecules(false)],
  ["a series split by time", demand],
]);
