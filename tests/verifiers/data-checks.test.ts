import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assertPackage } from "../../verifiers/verify.ts";
import { classificationPackage, draftOf, regressionPackage, surveyPackage } from "./helpers/base-packages.ts";
import { type Bench, failedChecks, objections, openBench } from "./helpers/bench.ts";
import {
  addColumn,
  addFeature,
  column,
  type Draft,
  editTable,
  editText,
  normal,
  readTable,
  stream,
} from "./helpers/draft.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const random = stream(99);
const noise = (scale: number) => scale * normal(random);
const answersOf = (draft: Draft) =>
  column(readTable(draft, "private/test_answer.csv"), draft.manifest.target.columns[0] ?? "");

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
      if (jitter > 0) cells[1] = (Number(cells[1]) + noise(jitter)).toFixed(5);
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

type Mutant = [check: string, what: string, make: () => Draft, mutate: (draft: Draft) => void];
const number = () => regressionPackage();
const classes = () => classificationPackage();
const mutants: Mutant[] = [
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
  [
    "target-copied-in-feature",
    "negated and scaled",
    number,
    (draft) => addFeature(draft, "code", (target) => (-3 * Number(target) + 7).toFixed(2)),
  ],
  [
    "target-copied-in-feature",
    "binned",
    number,
    (draft) => addFeature(draft, "band", (target) => String(Math.floor(Number(target) / 12))),
  ],
  [
    "target-copied-in-feature",
    "labels as codes",
    classes,
    (draft) => addFeature(draft, "code", (target) => ({ ash: "17", birch: "4", cedar: "9" })[target] ?? ""),
  ],
  [
    "target-copied-in-feature",
    "labels beyond thresholds",
    classes,
    (draft) =>
      addFeature(
        draft,
        "level",
        (target) => (({ ash: 1, birch: 2, cedar: 3 })[target] ?? 0).toString() + random().toFixed(6).slice(1),
      ),
  ],
  [
    "target-copied-in-feature",
    "in the test alone",
    classes,
    (draft) => {
      addFeature(draft, "slot", () => String(Math.floor(random() * 3)));
      editTable(draft, "public/test.csv", (table) =>
        answersOf(draft).forEach((label, index) => {
          const row = table.rows[index];
          if (row) row[row.length - 1] = String(["ash", "birch", "cedar"].indexOf(label));
        }),
      );
    },
  ],
  [
    "target-encoded-in-feature",
    "in the last digit",
    classes,
    (draft) =>
      addFeature(
        draft,
        "serial",
        (target) => `${Math.floor(random() * 90_000) + 10_000}${["ash", "birch", "cedar"].indexOf(target)}`,
      ),
  ],
  [
    "target-encoded-in-feature",
    "in what is missing",
    () => surveyPackage(),
    (draft) => addFeature(draft, "score", (target) => (target === "yes" ? "" : normal(random).toFixed(4))),
  ],
  [
    "target-encoded-in-feature",
    "in a remainder",
    classes,
    (draft) =>
      addFeature(draft, "ticket", (target) =>
        String(3 * Math.floor(random() * 30_000) + ["ash", "birch", "cedar"].indexOf(target)),
      ),
  ],
  [
    "target-computed-from-features",
    "a sum of two columns",
    number,
    (draft) => {
      const parts = new Map<number, number>();
      addFeature(draft, "first", (_target, row) => {
        const part = Math.round(random() * 50_000) / 1000;
        parts.set(row, part);
        return part.toFixed(3);
      });
      addFeature(draft, "second", (target, row) => (Number(target) - (parts.get(row) ?? 0)).toFixed(3));
    },
  ],
  [
    "target-computed-from-features",
    "split over two columns",
    classes,
    (draft) => {
      const parts = new Map<number, number>();
      addFeature(draft, "left", (_target, row) => {
        const part = Math.floor(random() * 3);
        parts.set(row, part);
        return String(part);
      });
      addFeature(draft, "right", (target, row) =>
        String((["ash", "birch", "cedar"].indexOf(target) + (parts.get(row) ?? 0)) % 3),
      );
    },
  ],
  [
    "feature-nearly-determines-target",
    "a noisy copy",
    number,
    (draft) => addFeature(draft, "estimate", (target) => (Number(target) + noise(2)).toFixed(3)),
  ],
  [
    "level-reveals-target",
    "a gap of some rows of one class",
    () => surveyPackage(),
    (draft) =>
      addFeature(draft, "follow_up", (target) =>
        target === "yes" && random() < 0.5 ? "" : normal(random).toFixed(4),
      ),
  ],
  [
    "level-reveals-target",
    "a field that only the lapsed have",
    () => surveyPackage(),
    (draft) => {
      draft.manifest.title = "Predict whether the customer will cancel";
      addFeature(draft, "refund", (target) => (target === "yes" && random() < 0.4 ? "paid" : "none"));
    },
  ],
  [
    "next-row-reveals-target",
    "a state that the next row keeps",
    classes,
    (draft) => {
      let clock = Date.UTC(2021, 3, 1);
      let state = "ash";
      addFeature(draft, "stamp", () => {
        clock += 60_000;
        return new Date(clock).toISOString();
      });
      addFeature(draft, "last_seen", (target) => {
        const before = state;
        state = target;
        return before;
      });
    },
  ],
  [
    "order-predicts-target",
    "train sorted by class",
    classes,
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
  ["undeclared-group-on-both-sides", "a patient's rows on both sides", () => patients("random"), () => {}],
  ["undeclared-group-on-both-sides", "mates of a nest on both sides", () => nests("random"), () => {}],
  ["duplicates-across-sides", "salts and mirror images of one molecule", () => molecules(true), () => {}],
  [
    "group-on-both-sides",
    "one group too many",
    () => patients("group"),
    (draft) =>
      editTable(draft, "public/test.csv", (table) => {
        if (table.rows[0])
          table.rows[0][1] = column(readTable(draft, "public/train.csv"), "patient")[0] ?? "";
      }),
  ],
  [
    "time-order-broken",
    "a test row before train rows",
    daily,
    (draft) =>
      editTable(draft, "public/test.csv", (table) => {
        if (table.rows[5]) table.rows[5][1] = "2020-02-02";
      }),
  ],
  [
    "future-in-features",
    "the value of yesterday",
    daily,
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
        path.replace("walks/", label === "turn" ? "walks/walk" : "walks/wk"),
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
    "the clock",
    number,
    (draft) => editText(draft, "prepare.py", "default_rng(1)", "default_rng(int(__import__('time').time()))"),
  ],
];

describe("mutants are rejected by the check that is named for the defect", () => {
  test.each(mutants)("%s: %s", async (check, _what, make, mutate) => {
    const draft = make();
    mutate(draft);
    const records = await assertPackage(await bench.save(draft), bench.services, { only: [check] });
    const found =
      check === "personal-data"
        ? records.filter((record) => record.verdict === "defect").map((record) => record.check)
        : failedChecks(records);
    expect(found).toContain(check);
  });
});

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

describe("sound twins pass every check of data and sources", () => {
  const twins: [string, () => Draft][] = [
    [
      "a strong feature",
      () => {
        const draft = regressionPackage();
        addFeature(draft, "appraisal", (target) => (Number(target) + noise(9)).toFixed(2));
        return draft;
      },
    ],
    [
      "a column of noise",
      () => {
        const draft = classificationPackage();
        addFeature(draft, "dust", () => normal(random).toFixed(4));
        return draft;
      },
    ],
    ["patients kept apart", () => patients("group")],
    ["nests kept apart", () => nests("group")],
    ["molecules kept apart", () => molecules(false)],
    ["a series split by time", daily],
    ["rows that name files", movements],
    ["a survey of 1,600", () => surveyPackage(8, 1600)],
    ["a small sample of few values", () => surveyPackage(9, 240)],
  ];
  test.each(twins)("%s", async (_name, make) => {
    const skip = { "metric-unusable": "what is tested here are the data" };
    const records = await assertPackage(await bench.save(make()), bench.services, { skip });
    expect(objections(records)).toEqual([]);
  });
});

/** Ten rows of each patient, who has a level of his own. */
/** Two birds of a nest, `N7A1` and `N7A2`, of which one has the species of the other; names of nests recur each year. */
function nests(strategy: "random" | "group"): Draft {
  const draw = stream(23);
  const kinds = ["gentoo", "adelie", "chinstrap"];
  const rows = Array.from({ length: 200 }, (_, nest) => {
    const species = Math.floor(draw() * 3);
    const egg = `2008-11-${10 + Math.floor(draw() * 20)}`;
    return [1, 2].map((mate) => ({
      bird: `N${nest % 100}A${mate}`,
      egg,
      bill: (species + 1.2 * normal(draw)).toFixed(3),
      mass: (4 + 0.3 * species + 0.5 * normal(draw)).toFixed(3),
      species: kinds[species] ?? "",
    }));
  });
  const together = Array.from({ length: 100 }, (_, name) =>
    [...(rows[name] ?? []), ...(rows[name + 100] ?? [])].sort(() => draw() - 0.5),
  ).flat();
  const shuffled = (part: typeof together) => part.sort(() => draw() - 0.5);
  const order =
    strategy === "random"
      ? shuffled(together)
      : [...shuffled(together.slice(0, -120)), ...shuffled(together.slice(-120))];
  return draftOf({
    title: "Tell the species of a bird",
    objective: "multiclass_classification",
    modality: "tabular",
    metric: "accuracy",
    target: { name: "species", kind: "category", labels: kinds, columns: ["species"] },
    features: ["bird", "egg", "bill", "mass"],
    rows: order,
    testRows: 120,
    split: strategy === "group" ? { strategy, groups: ["bird"] } : { strategy },
  });
}

/** Carbon chains that dissolve the worse the longer they are; in every fifth pair the second is a salt of the first. */
function molecules(salts: boolean): Draft {
  const draw = stream(24);
  const ends = ["O", "N", "Cl", "Br", "S", "F"];
  const of = (from: number) => ends[from % ends.length] ?? "O";
  const rows = Array.from({ length: 400 }, (_, index) => {
    const chain = "C".repeat(1 + (index % 20));
    const smiles = `${chain}(${of(index)})${"C".repeat(1 + Math.floor(index / 20))}${of(Math.floor(index / 6))}`;
    return { smiles, soluble: chain.length + Math.floor(index / 20) + 6 * normal(draw) < 20 ? "yes" : "no" };
  }).sort(() => draw() - 0.5);
  if (salts)
    for (let row = 300; row < 400; row += 5)
      rows[row] = {
        ...(rows[row - 300] ?? { smiles: "", soluble: "" }),
        smiles: `[Na+].${rows[row - 300]?.smiles ?? ""}`,
      };
  return draftOf({
    title: "Tell whether a molecule dissolves",
    objective: "binary_classification",
    modality: "molecules",
    metric: "roc_auc",
    target: { name: "soluble", kind: "category", labels: ["no", "yes"], columns: ["soluble"] },
    features: ["smiles"],
    rows,
    testRows: 100,
  });
}

function patients(strategy: "random" | "group"): Draft {
  const draw = stream(21);
  const levels = Array.from({ length: 50 }, () => 50 + 10 * normal(draw));
  const order = Array.from({ length: 500 }, (_, index) => index);
  if (strategy === "random") order.sort(() => draw() - 0.5);
  const rows = order.map((index) => {
    const patient = Math.floor(index / 10);
    const dose = draw() * 10;
    return {
      patient: `p${patient}`,
      dose: dose.toFixed(3),
      hour: String(index % 10),
      pressure: ((levels[patient] ?? 0) + dose + 2 * normal(draw)).toFixed(3),
    };
  });
  return draftOf({
    title: "Predict the pressure of a patient",
    objective: "regression",
    modality: "tabular",
    metric: "mae",
    target: { name: "pressure", kind: "number", labels: null, columns: ["pressure"] },
    features: ["patient", "dose", "hour"],
    rows,
    testRows: 120,
    split: strategy === "group" ? { strategy, groups: ["patient"] } : { strategy },
  });
}

/** A demand with a week's season. */
function daily(): Draft {
  const draw = stream(31);
  const start = Date.UTC(2020, 0, 1);
  const rows = Array.from({ length: 400 }, (_, index) => ({
    day: new Date(start + index * 86_400_000).toISOString().slice(0, 10),
    holiday: draw() < 0.05 ? "1" : "0",
    demand: (100 + 20 * Math.sin((2 * Math.PI * index) / 7) + 0.05 * index + 4 * normal(draw)).toFixed(3),
  }));
  return draftOf({
    title: "Forecast the demand of each day",
    objective: "forecasting",
    modality: "time_series",
    metric: "mae",
    target: { name: "demand", kind: "number", labels: null, columns: ["demand"] },
    features: ["day", "holiday"],
    rows,
    testRows: 60,
    split: { strategy: "time", time: "day" },
  });
}

/** Short series in files of their own: a turn drifts. */
function movements(): Draft {
  const draw = stream(41);
  const files = new Map<string, string>();
  const rows = Array.from({ length: 240 }, (_, index) => {
    const label = draw() < 0.5 ? "turn" : "walk";
    const path = `walks/${(index * 7919 + 13) % 100_003}.csv`;
    const drift = label === "turn" ? 0.12 : 0;
    const lines = Array.from(
      { length: 30 },
      (_, step) => `${(drift * step + 2 * normal(draw)).toFixed(3)},${normal(draw).toFixed(3)}`,
    );
    files.set(`public/${path}`, `x,y\n${lines.join("\n")}\n`);
    return { file: path, move: label };
  });
  return draftOf({
    title: "Tell a turn from a walk",
    objective: "binary_classification",
    modality: "series",
    metric: "accuracy",
    target: { name: "move", kind: "category", labels: ["walk", "turn"], columns: ["move"] },
    features: ["file"],
    rows,
    testRows: 80,
    media: { column: "file", kind: "series" },
    files,
  });
}

/** Renames the files that rows name, knowing their labels. */
function renameFiles(draft: Draft, rename: (path: string, label: string) => string): void {
  const labels = answersOf(draft);
  for (const path of ["public/train.csv", "public/test.csv"])
    editTable(draft, path, (table) => {
      const own = table.columns.includes("move") ? column(table, "move") : labels;
      table.rows.forEach((row, index) => {
        const before = row[1] ?? "";
        row[1] = rename(before, own[index] ?? "");
        draft.files.set(`public/${row[1]}`, draft.files.get(`public/${before}`) ?? "");
        draft.files.delete(`public/${before}`);
      });
    });
}
