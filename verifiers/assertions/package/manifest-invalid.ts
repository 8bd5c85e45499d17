import type { Check } from "../../check.ts";
import type { TaskPackage } from "../../package.ts";

const check: Check<TaskPackage> = {
  id: "manifest-invalid",
  layer: "assertions",
  title: "The manifest is not a valid task.json",
  severity: "fatal",
  blame: "refactor",
  why: "All that verify, grade and export do rests on the manifest.",
  run(task) {
    return {
      measured: { valid: task.manifest !== null },
      findings:
        task.manifest === null
          ? [
              {
                message: "Write task.json as the schema asks.",
                evidence: task.manifestProblem ?? "unreadable",
              },
            ]
          : [],
    };
  },
};
export default check;
