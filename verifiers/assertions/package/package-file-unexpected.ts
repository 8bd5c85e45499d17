import type { Check } from "../../check.ts";
import type { TaskPackage } from "../../package.ts";

const TOP = new Set(["task.json", "description.md", "prepare.py", "metric.py", "certificate.json"]);
const PRIVATE = new Set(["private/test_answer.csv", "private/units.csv"]);

const check: Check<TaskPackage> = {
  id: "package-file-unexpected",
  layer: "assertions",
  title: "The package holds something that does not belong there",
  severity: "fatal",
  blame: "refactor",
  why: "A link may point out of the package; a stray file may hold the answers or another author's data.",
  run(task) {
    const odd = task.entries.filter(
      (entry) =>
        entry.kind === "other" ||
        !(TOP.has(entry.path) || PRIVATE.has(entry.path) || entry.path.startsWith("public/")),
    );
    return {
      // The certificate is written afterwards, and says what was measured without it.
      measured: {
        files: task.entries.filter((entry) => entry.path !== "certificate.json").length,
        unexpected: odd.length,
      },
      findings: odd.slice(0, 5).map((entry) => ({
        message: `Remove ${entry.path} from the package.`,
        evidence:
          entry.kind === "other"
            ? `${entry.path} is not a regular file`
            : `${entry.path} is not part of the layout`,
      })),
    };
  },
};
export default check;
