import type { Check } from "../../check.ts";
import type { TaskPackage } from "../../package.ts";

const REQUIRED = [
  "task.json",
  "description.md",
  "prepare.py",
  "metric.py",
  "public/description.md",
  "public/train.csv",
  "public/test.csv",
  "public/sample_submission.csv",
  "private/test_answer.csv",
];

const check: Check<TaskPackage> = {
  id: "package-file-missing",
  layer: "assertions",
  title: "A file of the package is missing or empty",
  severity: "fatal",
  blame: "refactor",
  why: "MLE-Dojo issues 4 and 6: competitions were published with an empty prepare.py and without answers.",
  run(task) {
    const sizes = new Map(
      task.entries.filter((entry) => entry.kind === "file").map((entry) => [entry.path, entry.bytes]),
    );
    return {
      measured: { required: REQUIRED.length },
      findings: REQUIRED.filter((path) => (sizes.get(path) ?? 0) === 0).map((path) => ({
        message: `Write ${path}.`,
        evidence: sizes.has(path) ? `${path} is empty` : `${path} is missing`,
      })),
    };
  },
};
export default check;
