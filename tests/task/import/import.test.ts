import { mkdir, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Verified, VerifyRequest } from "../../../cli/verify.ts";
import {
  classificationPackage,
  regressionPackage,
  surveyPackage,
} from "../../verifiers/helpers/base-packages.ts";
import { failedChecks, objections } from "../../verifiers/helpers/bench.ts";
import { csv, editTable, readTable } from "../../verifiers/helpers/draft.ts";
import { png } from "../raw-data.ts";
import {
  ACCURACY,
  asBareFolder,
  asMleBench,
  asMleDojo,
  CLASSES,
  type Files,
  GRADE,
  writeFolder,
} from "./foreign-folders.ts";
import { ForeignTasks } from "./foreign-tasks.ts";

const foreign = new ForeignTasks();
const verify = (files: Files, more: Partial<VerifyRequest> = {}) => foreign.verify(files, more);

function verdictOf({ records }: Verified, check: string): string | undefined {
  return records.find((record) => record.check === check)?.verdict;
}

describe("sound tasks of others are accepted", () => {
  test("a competition of MLE-Dojo, with its own metric", async () => {
    const verified = await verify(asMleDojo(classificationPackage(), ACCURACY));
    expect(objections(verified.records)).toEqual([]);
    expect(verified).toMatchObject({ format: "mle-dojo", accepted: true, differs: null });
    expect(verified.certificate?.ladder.map(({ name }) => name)).toEqual([
      "trivial",
      "limited",
      "simple",
      "strong",
    ]);
    expect(verdictOf(verified, "manifest-files-mismatch")).toBe("not_applicable");
    expect(verdictOf(verified, "metric-accepts-bad-submission")).toBe("pass");
  });

  test("a competition of mle-bench, with its grade function, from a folder of data beside it", async () => {
    const files = asMleBench(classificationPackage(), GRADE, "accuracy");
    const prepared = Object.fromEntries(
      Object.entries(files).flatMap(([path, content]) =>
        path.startsWith("prepared/") ? [[`tell-the-tree/${path}`, content] as const] : [],
      ),
    );
    const code = Object.fromEntries(Object.entries(files).filter(([path]) => !path.startsWith("prepared/")));
    const data = await writeFolder(join(foreign.root, "cache"), prepared);
    const verified = await verify({ ...code, "classes.py": CLASSES }, { import: { data } });
    expect(objections(verified.records)).toEqual([]);
    expect(verified).toMatchObject({ format: "mle-bench", accepted: true });
    expect(verdictOf(verified, "metric-blind-to-permutation")).toBe("pass");
  });

  test("a bare folder and the name of a metric", async () => {
    const verified = await verify(asBareFolder(regressionPackage()), { import: { metric: "rmse" } });
    expect(objections(verified.records)).toEqual([]);
    expect(verified).toMatchObject({ format: "folder", accepted: true });
    expect(verdictOf(verified, "source-uses-network")).toBe("not_applicable");
    expect(verdictOf(verified, "metric-differs-from-reference")).toBe("pass");
  });

  test("labels of one metric are scores of another", async () => {
    const verified = await verify(asBareFolder(surveyPackage()), { import: { metric: "roc_auc" } });
    expect(objections(verified.records)).toEqual([]);
    expect(verified.accepted).toBe(true);
  });

  test("answers with one column for each label", async () => {
    const draft = classificationPackage(2, 400, "log_loss");
    const answers = readTable(draft, "private/test_answer.csv");
    const labels = ["ash", "birch", "cedar"];
    const oneHot = csv({
      columns: ["id", ...labels],
      rows: answers.rows.map(([id = "", tree = ""]) => [
        id,
        ...labels.map((label) => (label === tree ? "1" : "0")),
      ]),
    });
    const grade = `from sklearn.metrics import log_loss
from mlebench.grade_helpers import InvalidSubmissionError


def grade(submission, answers):
    labels = ["ash", "birch", "cedar"]
    if list(submission.columns) != ["id", *labels] or submission["id"].duplicated().any() or set(submission["id"]) != set(answers["id"]):
        raise InvalidSubmissionError("Columns or ids are not those of the sample submission")
    values = submission[labels]
    if values.isna().any().any() or (values < 0).any().any() or (values > 1).any().any():
        raise InvalidSubmissionError("Probabilities lie between 0 and 1")
    truth = answers.set_index("id").loc[submission["id"], labels]
    return log_loss(truth.to_numpy(), values.to_numpy(dtype=float) / values.to_numpy(dtype=float).sum(axis=1, keepdims=True))
`;
    const files = {
      ...asMleBench(draft, grade, "multi-class-log-loss"),
      "leaderboard.csv": "score\n0.1\n0.9\n",
      "prepared/private/test.csv": oneHot,
    };
    const verified = await verify(files);
    expect(objections(verified.records)).toEqual([]);
    expect(verified.accepted).toBe(true);
  });
});

describe("what formats allow", () => {
  test("records as JSON, truth as words on one side, a grader that looks at no other columns", async () => {
    const draft = surveyPackage();
    const records = (path: string) => {
      const { columns, rows } = readTable(draft, path);
      return JSON.stringify(
        rows.map((row) =>
          Object.fromEntries(
            columns.map((name, place) => [name, name === "vote" ? row[place] === "yes" : row[place]]),
          ),
        ),
      );
    };
    const grade = `from sklearn.metrics import roc_auc_score
from mlebench.grade_helpers import InvalidSubmissionError


def grade(submission, answers):
    if "vote" not in submission.columns or "id" not in submission.columns or len(submission) != len(answers):
        raise InvalidSubmissionError("Columns or rows are missing")
    submission, answers = submission.sort_values("id"), answers.sort_values("id")
    if (submission["id"].values != answers["id"].values).any():
        raise InvalidSubmissionError("The ids are others")
    if not submission["vote"].between(0, 1).all():
        raise InvalidSubmissionError("Probabilities lie between 0 and 1")
    return roc_auc_score(answers["vote"], submission["vote"])
`;
    const flags = (path: string) =>
      csv({
        ...readTable(draft, path),
        rows: readTable(draft, path).rows.map(([id = "", vote = ""]) => [id, vote === "yes" ? "1" : "0"]),
      });
    const {
      "prepared/public/train.csv": _train,
      "prepared/public/test.csv": _test,
      ...files
    } = asMleBench(draft, grade, "auc-roc");
    const verified = await verify({
      ...files,
      "prepared/public/train.json": records("public/train.csv"),
      "prepared/public/test.json": records("public/test.csv"),
      "prepared/private/test.csv": flags("private/test_answer.csv"),
      "leaderboard.csv": "version https://git-lfs.github.com/spec/v1\n",
    });
    expect(objections(verified.records)).toEqual([]);
    expect(verified.accepted).toBe(true);
  });

  test("rows numbered from one on both sides", async () => {
    const draft = regressionPackage();
    const renumbered = (path: string) =>
      editTable(draft, path, (table) =>
        table.rows.forEach((row, index) => {
          row[0] = String(index + 1);
        }),
      );
    for (const path of [
      "public/train.csv",
      "public/test.csv",
      "public/sample_submission.csv",
      "private/test_answer.csv",
    ])
      renumbered(path);
    const verified = await verify(asBareFolder(draft), {
      import: { metric: "rmse" },
      only: ["ids-inconsistent"],
    });
    expect(verdictOf(verified, "ids-inconsistent")).toBe("pass");
    expect(verified.notes.join()).toMatch(/numbered from the start/);
  });

  test.each([
    ["with a comment that tells the label", true],
    ["with a comment that tells nothing", false],
  ])("pictures that rows name by their id, %s", async (_what, telling) => {
    const draft = classificationPackage();
    const files: Files = { ...asBareFolder(draft) };
    for (const [path, side, truth] of [
      ["train.csv", "train", "public/train.csv"],
      ["test.csv", "test", "private/test_answer.csv"],
    ] as const) {
      const table = readTable(draft, truth);
      const place = table.columns.indexOf("tree");
      for (const row of table.rows)
        files[`${side}/${row[0]}.png`] = png(
          telling ? (row[place] ?? "") : `picture ${row[0]}`,
          Number(row[0]) % 200,
        );
      files[path] = csv({
        columns: side === "train" ? ["id", "tree"] : ["id"],
        rows: table.rows.map((row) => (side === "train" ? [row[0] ?? "", row[place] ?? ""] : [row[0] ?? ""])),
      });
    }
    const verified = await verify(files, {
      import: { metric: "accuracy" },
      skip: { "media-duplicates-across-sides": "pictures of one shade each are alike by nature" },
    });
    expect(verdictOf(verified, "media-files-inconsistent")).toBe("pass");
    expect(verdictOf(verified, "label-inside-test-file")).toBe(telling ? "defect" : "pass");
    expect(verified.ladder).toHaveLength(telling ? 0 : 4);
  });

  test("rows of which nothing is known but an archive", async () => {
    const draft = classificationPackage();
    const ids = readTable(draft, "public/test.csv").rows.map(([id = ""]) => [id]);
    const verified = await verify(
      { ...asBareFolder(draft), "test.csv": csv({ columns: ["id"], rows: ids }) },
      { import: { metric: "accuracy" } },
    );
    expect(verdictOf(verified, "ladder-no-skill")).toBe("not_applicable");
  });

  test("a grader that ignores ids is named", async () => {
    const grade = `from mlebench.grade_helpers import InvalidSubmissionError


def grade(submission, answers):
    if "tree" not in submission.columns or len(submission) != len(answers):
        raise InvalidSubmissionError("Columns or rows are missing")
    return float((submission["tree"].values == answers["tree"].values).mean())
`;
    const failed = failedChecks(
      (await verify(asMleBench(classificationPackage(), grade, "accuracy"))).records,
    );
    expect(failed).toContain("metric-depends-on-order");
    expect(failed).toContain("metric-accepts-bad-submission");
  });
});

describe("what an import finds out", () => {
  test("a metric of the catalogue, and that its class says the wrong direction", async () => {
    const wrong = ACCURACY.replace("higher_is_better: bool = True", "higher_is_better: bool = False");
    const verified = await verify(asMleDojo(classificationPackage(), wrong), {
      only: ["metric-direction-wrong"],
    });
    expect(failedChecks(verified.records)).toEqual(["metric-direction-wrong"]);
    expect(verified.notes.join()).toMatch(/scores as accuracy does/);
  });

  test("a metric that looks at a column which the test rows show too", async () => {
    const draft = classificationPackage();
    const test = readTable(draft, "public/test.csv");
    const site = test.columns.indexOf("site");
    editTable(draft, "private/test_answer.csv", (table) => {
      table.columns.push("site");
      table.rows.forEach((row, index) => {
        row.push(test.rows[index]?.[site] ?? "");
      });
    });
    const bySite = ACCURACY.replace(
      /return float\(\((.*)\)\.mean\(\)\)/,
      'return float(($1).groupby(merged["site"]).mean().mean())',
    );
    const verified = await verify(asMleDojo(draft, bySite), {
      only: ["metric-unusable", "metric-refuses-sample"],
    });
    expect(objections(verified.records)).toEqual([]);
    expect(verdictOf(verified, "metric-unusable")).toBe("pass");
  });

  test("a split by time", async () => {
    const draft = regressionPackage();
    const dated = (path: string, year: number) =>
      editTable(draft, path, (table) => {
        table.columns.splice(1, 0, "day");
        table.rows.forEach((row, index) => {
          row.splice(1, 0, new Date(Date.UTC(year, 0, 1 + index)).toISOString().slice(0, 10));
        });
      });
    dated("public/train.csv", 2019);
    dated("public/test.csv", 2021);
    const verified = await verify(asBareFolder(draft), {
      only: ["time-order-broken"],
      import: { metric: "rmse" },
    });
    expect(verdictOf(verified, "time-order-broken")).toBe("pass");
    expect(verified.notes.join()).toMatch(/taken for a split by time/);
  });
});

describe("options", () => {
  test("checks that are asked for, and others left out for a reason", async () => {
    const skip = { "personal-data": "left out by request: the names are invented" };
    const verified = await verify(asBareFolder(regressionPackage()), {
      only: ["target-copied-in-feature", "personal-data"],
      skip,
      import: { metric: "rmse" },
    });
    expect(verdictOf(verified, "target-copied-in-feature")).toBe("pass");
    expect(verified.certificate?.checks.find(({ check }) => check === "personal-data")).toMatchObject({
      verdict: "not_applicable",
      measured: { reason: "left out by request: the names are invented" },
    });
    expect(verdictOf(verified, "order-predicts-target")).toBeUndefined();
  });

  test("an unknown check is bad input", async () => {
    await expect(verify({}, { only: ["no-such-check"] })).rejects.toMatchObject({ code: "bad_input" });
  });

  test("other names of columns and files", async () => {
    const draft = regressionPackage();
    editTable(draft, "private/test_answer.csv", (table) => {
      table.columns.push("note");
      for (const row of table.rows) row.push("x");
    });
    const files = asBareFolder(draft);
    const verified = await verify(
      {
        "public/a.csv": files["train.csv"] ?? "",
        "public/b.csv": files["test.csv"] ?? "",
        "public/c.csv": files["sample_submission.csv"] ?? "",
        "private/truth.csv": files["answers.csv"] ?? "",
      },
      {
        import: {
          metric: "mae",
          train: "a.csv",
          test: "b.csv",
          sample: "c.csv",
          answers: "private/truth.csv",
          id: "id",
          targets: ["price"],
        },
      },
    );
    expect(objections(verified.records)).toEqual([]);
  });
});

describe("folders that cannot be taken", () => {
  const dojo = () => asMleDojo(classificationPackage(), ACCURACY);
  test.each<[string, (folder: string) => Promise<unknown>, RegExp]>([
    [
      "a link that leads out",
      (folder) => symlink("/etc/passwd", join(folder, "data/public/extra.csv")),
      /regular file/,
    ],
    [
      "answers that are a link",
      async (folder) => {
        await rm(join(folder, "data/private/test_answer.csv"));
        await symlink("../public/train.csv", join(folder, "data/private/test_answer.csv"));
      },
      /regular file/,
    ],
    [
      "a file larger than any task",
      async (folder) => {
        await writeFile(join(folder, "data/public/big.bin"), "");
        await truncate(join(folder, "data/public/big.bin"), 20 * 1024 ** 3);
      },
      /16 GiB/,
    ],
    [
      "a name that would move the cursor",
      (folder) => writeFile(join(folder, "data/public/a\u001b[2Jb.csv"), "x"),
      /name/,
    ],
    [
      "a program that is no text of usual length",
      async (folder) => truncate(join(folder, "utils/metric.py"), 5_000_000),
      /1 MB/,
    ],
    ["data that are not there", (folder) => rm(join(folder, "data"), { recursive: true }), /prepared data/],
  ])("%s", async (_name, change, message) => {
    const folder = await foreign.folder(dojo());
    await change(folder);
    await expect(foreign.verifyFolder(folder)).rejects.toMatchObject({
      code: "bad_input",
      message: expect.stringMatching(message),
    });
  });

  test("a folder of nothing known, and no metric", async () => {
    const folder = join(foreign.root, "empty");
    await mkdir(folder);
    await expect(foreign.verifyFolder(folder)).rejects.toMatchObject({
      code: "bad_input",
    });
  });

  test("a grade function of modules that are not here is no defect of the task", async () => {
    const grade =
      "from mlebench.competitions.utils import prepare_for_accuracy_metric\n\n\ndef grade(submission, answers):\n    return 1.0\n";
    await expect(verify(asMleBench(classificationPackage(), grade, "accuracy"))).rejects.toMatchObject({
      code: "bad_input",
      message: expect.stringMatching(/mlebench\.competitions\.utils/),
    });
  });
});

test("the metric of another process decides nothing: one that ends it is a defect", async () => {
  const verified = await verify(
    asMleDojo(
      classificationPackage(),
      ACCURACY.replace("import pandas as pd", "import os\n\nimport pandas as pd\n\nos._exit(0)"),
    ),
  );
  expect(failedChecks(verified.records)).toContain("metric-unusable");
});
