import type { Check } from "../../check.ts";
import { type MetricContext, NO_REPORT } from "../../scores.ts";

const check: Check<MetricContext> = {
  id: "metric-direction-wrong",
  layer: "assertions",
  title: "The metric's direction is not the manifest's",
  severity: "fatal",
  blame: "refactor",
  why: "MLE-Dojo takes the direction from the metric's class; a leaderboard sorted the wrong way rewards the worst.",
  run({ report, manifest }) {
    if (report === null || report.higherIsBetter === null) return { skipped: NO_REPORT };
    const expectedDirection = manifest.metric.direction === "maximize";
    return {
      measured: { higherIsBetter: report.higherIsBetter },
      findings:
        report.higherIsBetter === expectedDirection
          ? []
          : [
              {
                message: `Set higher_is_better to ${expectedDirection ? "True" : "False"}.`,
                evidence: `metric.py says ${report.higherIsBetter}, the manifest says ${manifest.metric.direction}`,
              },
            ],
    };
  },
};
export default check;
