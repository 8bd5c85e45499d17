import type { Check, Finding, Outcome } from "../../check.ts";
import type { MetricContext } from "../../scores.ts";
import { expected } from "../../scores.ts";

const check: Check<MetricContext> = {
  id: "metric-unusable",
  layer: "assertions",
  title: "The metric gives no scores",
  severity: "fatal",
  blame: "designer",
  why: "A metric that cannot be loaded, ends the process or crashes on valid submissions grades nobody; one that prints a verdict or exits early leaves the scores missing.",
  run(context): Outcome {
    if (context.report === null)
      return {
        measured: { report: false },
        findings: [
          {
            message: "Make metric.py score submissions and do nothing else.",
            evidence: context.problem ?? "no report",
          },
        ],
      };
    const findings: Finding[] = [];
    if (context.report.classes !== 1)
      findings.push({
        message: "Define exactly one subclass of CompetitionMetrics.",
        evidence: `metric.py has ${context.report.classes}`,
      });
    const valid = expected(context, "valid", "best", "permuted", "noise", "same", "random", "constant");
    const failed = valid.filter((entry) => entry.result.status !== "scored");
    for (const entry of failed.slice(0, 3))
      findings.push({
        message: `Score the valid submission '${entry.name}'.`,
        evidence: `${entry.result.status}: ${entry.result.message}`,
      });
    return {
      measured: { valid: valid.length, failed: failed.length, classes: context.report.classes },
      findings,
    };
  },
};
export default check;
