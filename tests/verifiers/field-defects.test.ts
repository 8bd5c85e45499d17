import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { ImportOptions } from "../../task/import/foreign-task.ts";
import {
  ACCURACY,
  asBareFolder,
  asMleBench,
  asMleDojo,
  CLASSES,
  type Files,
  GRADE,
} from "../task/import/foreign-folders.ts";
import { ForeignTasks } from "../task/import/foreign-tasks.ts";
import { classificationPackage } from "./helpers/base-packages.ts";
import { failedChecks } from "./helpers/bench.ts";
import { addFeature, csv, type Draft, editTable, normal, readTable, stream } from "./helpers/draft.ts";
import { draftOf } from "./helpers/draft-of.ts";

/**
 * Defects of published benchmarks, each rebuilt as a small task in the form in which it was published, with the check that must
 * name it. `references.ts` has the threads.
 */
const foreign = new ForeignTasks();

interface Case {
  files: Files;
  only?: string[];
  import?: ImportOptions;
}

async function rejectedBy({ files, only, import: given = {} }: Case): Promise<string[]> {
  const verified = await foreign.verify(files, { import: given, ...(only === undefined ? {} : { only }) });
  expect(verified.accepted).toBe(failedChecks(verified.records).length === 0);
  return failedChecks(verified.records);
}

const trees = () => classificationPackage();
const bench = (draft: Draft): Files => ({ ...asMleBench(draft, GRADE, "accuracy"), "classes.py": CLASSES });
const bare = (draft: Draft): Case => ({ files: asBareFolder(draft), import: { metric: "accuracy" } });
/** Path and answer of each test row. */
const answers = (draft: Draft) =>
  readTable(draft, "private/test_answer.csv").rows.map(([id = "", tree = ""]) => ({ id, tree }));

const defects: [what: string, check: string, make: () => Case][] = [
  [
    "mle-bench 77: test files (.mat) carry the labels in a field",
    "label-inside-test-file",
    () => {
      const draft = trees();
      const files = bench(draft);
      for (const { id, tree } of answers(draft))
        files[`prepared/public/test/${id}.mat`] = matlab(`Video Labels Name ${tree} Begin 3`);
      return { files };
    },
  ],
  [
    "mle-bench, hubmap-kidney-segmentation: a JSON file beside each test row",
    "label-inside-test-file",
    () => {
      const draft = trees();
      const files = bench(draft);
      for (const { id, tree } of answers(draft))
        files[`prepared/public/test/${id}.json`] = JSON.stringify({
          properties: { classification: { name: tree } },
        });
      return { files };
    },
  ],
  [
    "mle-bench 30: columns are missing from the sample submission",
    "sample-submission-invalid",
    () => {
      const draft = lines();
      editTable(draft, "public/sample_submission.csv", (table) => {
        table.columns.length = 3;
        for (const row of table.rows) row.length = 3;
      });
      return {
        files: { ...asMleBench(draft, GRADE_LINES, "auc-roc"), "leaderboard.csv": "score\n0.9\n0.5\n" },
      };
    },
  ],
  [
    "mle-bench 63: more labels in the test than the task has",
    "answers-invalid",
    () => {
      const draft = trees();
      editTable(draft, "private/test_answer.csv", (table) => {
        table.rows.forEach((row, index) => {
          if (row[1] === "ash") row[1] = ["bed", "bird", "cat", "dog"][index % 4] ?? "bed";
        });
      });
      return { files: bench(draft) };
    },
  ],
  [
    "mle-bench, known issues: one speaker in both splits, by the names of the recordings",
    "undeclared-group-on-both-sides",
    () => {
      const draft = trees();
      const files = asBareFolder(draft);
      const random = stream(3);
      for (const [path, side] of [
        ["train.csv", "train"],
        ["test.csv", "test"],
      ] as const) {
        const table = readTable(draft, `public/${path}`);
        table.columns.push("clip");
        table.rows.forEach((row, index) => {
          const clip = `${side}/speaker${"abcdefgh"[Math.floor(random() * 8)]}_nohash_${index}.wav`;
          row.push(clip);
          files[clip] = recording(random);
        });
        files[path] = csv(table);
      }
      return { files, import: { metric: "accuracy" } };
    },
  ],
  [
    "mle-bench, known issues: one speaker in both splits, by a declared group",
    "group-on-both-sides",
    () => {
      const draft = trees();
      const random = stream(4);
      addFeature(draft, "speaker", () => `s${Math.floor(random() * 30)}`);
      return { files: asBareFolder(draft), import: { metric: "accuracy", groups: ["speaker"] } };
    },
  ],
  [
    "mle-bench 70: a table that describes molecules has none of the test's",
    "side-table-incomplete",
    () => structures(false),
  ],
  [
    "mle-bench 108: a field that is filled in once the outcome is known",
    "level-reveals-target",
    () => {
      const draft = pizza();
      const random = stream(5);
      addFeature(draft, "giver_username_if_known", (received) =>
        received === "1" ? `giver${Math.floor(random() * 1e6)}` : "N/A",
      );
      return { files: asBareFolder(draft), import: { metric: "roc_auc" } };
    },
  ],
  [
    "MLE-Dojo 4: prepare.py has no program in it",
    "prepare-signature-wrong",
    () => ({
      files: asMleDojo(
        trees(),
        ACCURACY,
        "# This file was automatically generated\n# Add your data preparation code here\n",
      ),
    }),
  ],
  [
    "MLE-Dojo 4: prepare.py is empty",
    "package-file-missing",
    () => ({ files: asMleDojo(trees(), ACCURACY, "") }),
  ],
  [
    "MLE-Dojo 6: the answers are missing",
    "package-file-missing",
    () => {
      const { "data/private/test_answer.csv": _, ...files } = asMleDojo(trees(), ACCURACY);
      return { files };
    },
  ],
  [
    "MLE-Dojo's interface: a validator that says what is wrong by returning it",
    "metric-accepts-bad-submission",
    () => ({
      files: asMleDojo(
        trees(),
        ACCURACY.replaceAll(/raise InvalidSubmissionError\((?!"The columns)(.*)\)/g, "return False, $1"),
      ),
    }),
  ],
  [
    "MLE-Dojo's interface: a validator that never raises",
    "metric-class-wrong",
    () => ({
      files: asMleDojo(
        trees(),
        ACCURACY.replaceAll(/raise InvalidSubmissionError\((.*)\)/g, "return False, $1"),
      ),
    }),
  ],
  [
    "MLE-Dojo's interface: a score that is no number counts as a success",
    "metric-accepts-bad-submission",
    () => ({
      files: asMleDojo(
        trees(),
        ACCURACY.replace(/ {8}if submission\[self\.value\]\.isna[\s\S]*?\n(?= {8}unknown)/, "")
          .replace("set(submission[self.value]) -", "set(submission[self.value].dropna()) -")
          .replace(".mean())", '.mean()) if y_pred[self.value].notna().all() else float("nan")'),
      ),
    }),
  ],
  [
    "a sample submission that is the answers in another order",
    "sample-submission-informative",
    () => {
      const draft = trees();
      const table = readTable(draft, "private/test_answer.csv");
      table.rows.reverse();
      draft.files.set("public/sample_submission.csv", csv(table));
      return bare(draft);
    },
  ],
];

describe("defects of the field are rejected by the check that is named for them", () => {
  test.each(defects)("%s (%s)", async (_what, check, make) => {
    expect(await rejectedBy(make())).toContain(check);
  });
});

describe("the same tasks without the defect are accepted", () => {
  const sound: [string, () => Case][] = [
    [
      "test files that describe without telling",
      () => {
        const draft = trees();
        const files = bench(draft);
        const random = stream(6);
        for (const { id } of answers(draft)) {
          const labels = ["ash", "birch", "cedar"].map((name) => ({ name, seen: random().toFixed(2) }));
          files[`prepared/public/test/${id}.json`] = JSON.stringify({ labels });
        }
        return { files };
      },
    ],
    [
      "several labels",
      () => ({
        files: {
          ...asMleBench(lines(), GRADE_LINES, "auc-roc"),
          "leaderboard.csv": "score\n0.9\n0.5\n",
        },
        only: ["sample-submission-invalid", "metric-refuses-sample", "metric-accepts-bad-submission"],
      }),
    ],
    ["a table that describes all molecules", () => structures(true)],
    [
      "requests with fields known before",
      () => ({ files: asBareFolder(pizza()), import: { metric: "roc_auc" } }),
    ],
  ];
  test.each(sound)("%s", async (_what, make) => {
    expect(await rejectedBy(make())).toEqual([]);
  });
});

/** Rows that name molecules, which a second table describes. */
function structures(whole: boolean): Case {
  const draft = trees();
  const random = stream(12);
  addFeature(draft, "molecule", (_tree, row) => `m${(row >= 10_000 ? 200 : 0) + Math.floor(random() * 150)}`);
  const described = Array.from({ length: whole ? 350 : 200 }, (_, index) => [
    `m${index}`,
    normal(random).toFixed(3),
  ]);
  return {
    files: {
      ...asBareFolder(draft),
      "structures.csv": csv({ columns: ["molecule", "mass"], rows: described }),
    },
    only: ["side-table-incomplete"],
    import: { metric: "accuracy" },
  };
}

/** A task of four labels at once. */
function lines(): Draft {
  const random = stream(8);
  const names = ["ETT - Normal", "NGT - Normal", "CVC - Normal", "Swan Ganz"];
  const rows = Array.from({ length: 500 }, () => {
    const signals = names.map(() => normal(random));
    return {
      ...Object.fromEntries(
        signals.map((signal, index) => [`signal${index}`, (signal + 0.6 * normal(random)).toFixed(3)]),
      ),
      ...Object.fromEntries(names.map((name, index) => [name, (signals[index] ?? 0) > 0.3 ? "1" : "0"])),
    };
  });
  return draftOf({
    title: "Find lines in signals",
    objective: "multilabel_classification",
    modality: "tabular",
    metric: "roc_auc_macro",
    target: { name: names[0] ?? "", kind: "multilabel", labels: null, columns: names },
    features: ["signal0", "signal1", "signal2", "signal3"],
    rows,
    testRows: 120,
  });
}

const GRADE_LINES = `import numpy as np
from sklearn.metrics import roc_auc_score
from mlebench.grade_helpers import InvalidSubmissionError


def grade(submission, answers):
    if set(submission.columns) != set(answers.columns) & {"id", "ETT - Normal", "NGT - Normal", "CVC - Normal", "Swan Ganz"}:
        raise InvalidSubmissionError("The columns are not those of the answers")
    names = [name for name in submission.columns if name != "id"]
    if submission["id"].duplicated().any() or set(submission["id"]) != set(answers["id"]):
        raise InvalidSubmissionError("The ids are not those of the test rows, each once")
    if not np.isfinite(submission[names].apply(lambda column: column.astype(float))).all().all():
        raise InvalidSubmissionError("A prediction is no finite number")
    submission, answers = submission.sort_values("id"), answers.sort_values("id")
    return float(np.mean([roc_auc_score(answers[name], submission[name]) for name in names]))
`;

/** Requests of which some were granted. */
function pizza(): Draft {
  const random = stream(9);
  const rows = Array.from({ length: 600 }, () => {
    const [age, upvotes] = [normal(random), normal(random)];
    return {
      account_age: age.toFixed(3),
      upvotes: upvotes.toFixed(3),
      received_pizza: age + 0.7 * upvotes + normal(random) > 0.6 ? "1" : "0",
    };
  });
  return draftOf({
    title: "Which requests are granted",
    objective: "binary_classification",
    modality: "tabular",
    metric: "roc_auc",
    target: { name: "received_pizza", kind: "category", labels: ["0", "1"], columns: ["received_pizza"] },
    features: ["account_age", "upvotes"],
    rows,
    testRows: 150,
  });
}

/** A MATLAB 5 file with one compressed element that holds a text, as UTF-16. */
function matlab(text: string): Uint8Array {
  const head = Buffer.alloc(128);
  head.write("MATLAB 5.0 MAT-file, Platform: GLNXA64", "latin1");
  const packed = deflateSync(Buffer.from(text, "utf16le"));
  const tag = Buffer.alloc(8);
  tag.writeUInt32LE(15, 0);
  tag.writeUInt32LE(packed.length, 4);
  return Buffer.concat([head, tag, packed]);
}

/** A hundredth of a second of noise. */
function recording(random: () => number): Uint8Array {
  const samples = Buffer.alloc(160);
  for (let place = 0; place < 80; place += 1)
    samples.writeInt16LE(Math.floor((random() - 0.5) * 20_000), 2 * place);
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(16_000, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}
