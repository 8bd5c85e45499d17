import type { Check } from "../../check.ts";
import type { TaskPackage } from "../../package.ts";

const check: Check<TaskPackage> = {
  id: "description-copy-differs",
  layer: "assertions",
  title: "The description that solvers get is not the task's description",
  severity: "fatal",
  blame: "refactor",
  why: "What was reviewed must be what is read.",
  run({ texts }) {
    if (texts.description === null || texts.publicDescription === null)
      return { skipped: "one of the two is missing" };
    const equal = texts.description === texts.publicDescription;
    return {
      measured: { equal },
      findings: equal
        ? []
        : [{ message: "Copy description.md to public/description.md.", evidence: "the two files differ" }],
    };
  },
};
export default check;
