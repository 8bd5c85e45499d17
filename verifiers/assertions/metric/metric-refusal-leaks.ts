import type { Check } from "../../check.ts";
import { expected, type MetricContext, NO_REPORT } from "../../scores.ts";

const check: Check<MetricContext> = {
  id: "metric-refusal-leaks",
  layer: "assertions",
  title: "The message of a refusal tells of the answers",
  severity: "fatal",
  blame: "refactor",
  why: "Refusals are free and go to the solver: a message that quotes the truth hands it out row by row.",
  looksFor: "A refusal that reads otherwise when the true values are moved to other rows.",
  run(context) {
    if (context.report === null) return { skipped: NO_REPORT };
    const refused = expected(context, "refused");
    const telling = refused.filter((entry) => entry.result.tells === true);
    return {
      measured: { refused: refused.length, telling: telling.map((entry) => entry.name) },
      findings: telling.slice(0, 1).map((entry) => ({
        message: "Say what is wrong with the submission, and nothing of the answers.",
        evidence: `'${entry.name}': ${entry.result.message}`,
      })),
    };
  },
};
export default check;
