import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Verified, type VerifyRequest, verifyFolder } from "../../../cli/verify.ts";
import { type TestServices, testServices } from "../../helpers/services.ts";
import {
  classificationPackage,
  regressionPackage,
  surveyPackage,
} from "../../verifiers/helpers/base-packages.ts";
import { failedChecks, objections } from "../../verifiers/helpers/bench.ts";
import { csv, editTable, readTable } from "../../verifiers/helpers/draft.ts";
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

let services: TestServices;
let root: string;
let count = 0;
beforeAll(async () => {
  services = await testServices();
  root = await mkdtemp(join(tmpdir(), "mle-smith-foreign-"));
});
afterAll(async () => {
  await services.close();
  await rm(root, { recursive: true, force: true });
});

async function verify(files: Files, more: Partial<VerifyRequest> = {}): Promise<Verified> {
  count += 1;
  const folder = await writeFolder(join(root, `folder-${count}`), files);
  return await verifyFolder({ folder, skip: {}, import: {}, ...more }, services);
}

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
    const data = await writeFolder(join(root, "cache"), prepared);
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
    count += 1;
    const folder = await writeFolder(join(root, `folder-${count}`), dojo());
    await change(folder);
    const outcome = verifyFolder({ folder, skip: {}, import: {} }, services);
    await expect(outcome).rejects.toMatchObject({
      code: "bad_input",
      message: expect.stringMatching(message),
    });
  });

  test("a folder of nothing known, and no metric", async () => {
    const folder = join(root, "empty");
    await mkdir(folder);
    await expect(verifyFolder({ folder, skip: {}, import: {} }, services)).rejects.toMatchObject({
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
