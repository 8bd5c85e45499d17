import type { Check } from "../../check.ts";
import type { PreparationContext } from "../../preparation.ts";

const check: Check<PreparationContext> = {
  id: "prepared-data-differ",
  layer: "assertions",
  title: "The package's files are not those that prepare.py writes",
  severity: "fatal",
  blame: "refactor",
  why: "Data that were changed by hand, or made by another version of the script, cannot be traced to their source.",
  threshold: "equal bytes of every file but the description and the attribution, which are added afterwards",
  run({ outcome, differences, compared }) {
    if (!outcome.ok) return { skipped: "prepare.py did not end well" };
    const [first] = differences;
    return {
      measured: { compared, different: differences.length },
      findings:
        first === undefined
          ? []
          : [
              {
                message: "Prepare the package again with the prepare.py that it holds, or mend that.",
                evidence: `${differences.length} of ${compared} files: ${differences
                  .slice(0, 5)
                  .map(({ path, how }) => `${path} (${how})`)
                  .join(", ")}`,
              },
            ],
    };
  },
};
export default check;
