import type { Check } from "../../check.ts";
import { expected, type MetricContext, NO_REPORT } from "../../scores.ts";

const check: Check<MetricContext> = {
  id: "metric-refuses-sample",
  layer: "assertions",
  title: "The sample submission is not scored",
  severity: "fatal",
  blame: "refactor",
  why: "The sample is the one submission that everybody sends first.",
  run(context) {
    if (context.report === null) return { skipped: NO_REPORT };
    const failed = expected(context, "valid").filter((entry) => entry.result.status !== "scored");
    return {
      measured: { scores: expected(context, "valid").map((entry) => entry.result.score) },
      findings: failed.map((entry) => ({
        message: "Make the sample submission valid.",
        evidence: `${entry.result.status}: ${entry.result.message}`,
      })),
    };
  },
};
export default check;
