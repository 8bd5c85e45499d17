import type { Check } from "../../check.ts";
import { type MetricContext, NO_REPORT } from "../../scores.ts";

const check: Check<MetricContext> = {
  id: "metric-changes-inputs",
  layer: "assertions",
  title: "The metric changes the tables that it is given",
  severity: "fatal",
  blame: "designer",
  why: "A platform that scores twice with one table in memory gets two scores; sorted answers or renamed columns are seen by whoever comes next.",
  run(context) {
    if (context.report === null) return { skipped: NO_REPORT };
    const changed = context.graded.filter((entry) => entry.result.changed === true);
    return {
      measured: { changed: changed.map((entry) => entry.name) },
      findings: changed.slice(0, 1).map((entry) => ({
        message: "Work on copies in validate_submission and evaluate.",
        evidence: `the tables were others after '${entry.name}'`,
      })),
    };
  },
};
export default check;
