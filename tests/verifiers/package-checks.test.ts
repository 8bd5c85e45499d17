import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCheck } from "../../verifiers/check.ts";
import { openPackage, type TaskPackage } from "../../verifiers/package.ts";
import { loadChecks } from "../../verifiers/registry.ts";
import { classificationPackage, regressionPackage } from "./helpers/base-packages.ts";
import { failedChecks } from "./helpers/bench.ts";
import { type Draft, editDescription, savePackage } from "./helpers/draft.ts";

const CHECKS = new URL("../../verifiers/assertions/package/", import.meta.url);
let folder: string;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mle-smith-package-checks-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function failures(draft: Draft, after?: (path: string) => Promise<void>): Promise<string[]> {
  count += 1;
  const path = await savePackage(draft, join(folder, String(count)));
  await after?.(path);
  const task = await openPackage(path);
  return failedChecks((await loadChecks<TaskPackage>(CHECKS)).map((check) => runCheck(check, task)));
}

describe("sound twins", () => {
  test.each([
    ["regression", () => regressionPackage()],
    ["classification", () => classificationPackage()],
    ["log loss", () => classificationPackage(4, 200, "log_loss")],
    [
      "other words in the description",
      () => {
        const draft = regressionPackage();
        editDescription(draft, "Lower is better.", "The goal is to minimize this error.");
        editDescription(draft, "## Overview", "## Background");
        return draft;
      },
    ],
  ])("%s passes", async (_name, make) => {
    expect(await failures(make())).toEqual([]);
  });
});

const mutants: [string, string, (draft: Draft) => void][] = [
  ["package-file-missing", "no answers", (draft) => draft.files.delete("private/test_answer.csv")],
  ["package-file-missing", "empty prepare.py", (draft) => draft.files.set("prepare.py", "")],
  ["package-file-unexpected", "a stray file", (draft) => draft.files.set("notes.txt", "private notes")],
  ["manifest-invalid", "no JSON", (draft) => draft.files.set("task.json", "{")],
  [
    "manifest-contradictory",
    "submission holds the id",
    (draft) => draft.manifest.submission.columns.push("id"),
  ],
  [
    "manifest-contradictory",
    "grouped split without groups",
    (draft) => (draft.manifest.split.strategy = "group"),
  ],
  ["description-section-missing", "no data section", (draft) => editDescription(draft, "## Data\n", "")],
  [
    "description-file-omitted",
    "train.csv unmentioned",
    (draft) => editDescription(draft, "- `train.csv`: rows with the target.", ""),
  ],
  [
    "description-file-absent",
    "a file that is not there",
    (draft) => editDescription(draft, "`test.csv`: rows", "`test_features.csv`: rows"),
  ],
  [
    "description-metric-wrong",
    "another metric",
    (draft) => editDescription(draft, /scored by [^.]*\./, "scored by mean absolute error."),
  ],
  [
    "description-metric-wrong",
    "another direction",
    (draft) => editDescription(draft, "Lower is better", "Higher is better"),
  ],
  [
    "description-example-invalid",
    "another column in the example",
    (draft) => editDescription(draft, "```csv\nid,price", "```csv\nid,value"),
  ],
  [
    "description-example-invalid",
    "text where a number is asked",
    (draft) => editDescription(draft, /(```csv\nid,price\n\d+),[^\n]*/, "$1,cheap"),
  ],
  [
    "description-copy-differs",
    "solvers read something else",
    (draft) => draft.files.set("public/description.md", `${draft.files.get("description.md")}!`),
  ],
];

describe("mutants are rejected by the check that is named for the defect", () => {
  test.each(mutants)("%s: %s", async (check, _what, mutate) => {
    const draft = regressionPackage();
    mutate(draft);
    expect(await failures(draft)).toContain(check);
  });

  test("manifest-files-mismatch: a file changed after the manifest", async () => {
    const { writeFile } = await import("node:fs/promises");
    const failed = await failures(regressionPackage(), (path) =>
      writeFile(join(path, "public/train.csv"), "id,price\n"),
    );
    expect(failed).toEqual(["manifest-files-mismatch"]);
  });

  test("package-file-unexpected: a link out of the package", async () => {
    const failed = await failures(regressionPackage(), (path) =>
      symlink("/etc/hostname", join(path, "public/host")),
    );
    expect(failed).toContain("package-file-unexpected");
  });
});
