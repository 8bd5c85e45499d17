import type { Check } from "../../check.ts";
import { expected, type MetricContext, NO_REPORT, nearly, scored } from "../../scores.ts";

const check: Check<MetricContext> = {
  id: "metric-unstable",
  layer: "assertions",
  title: "The score of one and the same submission differs, or extreme values break the metric",
  severity: "fatal",
  blame: "designer",
  why: "NaN counts as a success in MLE-Dojo; a score that changes between calls is drawn, not measured.",
  run(context) {
    if (context.report === null) return { skipped: NO_REPORT };
    const [perfect, again] = ["perfect", "perfect-again"].map((name) =>
      scored(expected(context, "best")).find((entry) => entry.name === name),
    );
    const broken = expected(context, "finite").filter((entry) => entry.result.status === "crashed");
    const findings = broken.slice(0, 3).map((entry) => ({
      message: `Score or refuse '${entry.name}' instead of failing.`,
      evidence: entry.result.message,
    }));
    if (perfect !== undefined && again !== undefined && !nearly(perfect.score, again.score, 1e-12))
      findings.push({
        message: "Make the metric deterministic and free of memory.",
        evidence: `${perfect.score}, then ${again.score}`,
      });
    return { measured: { extremes: expected(context, "finite").length, broken: broken.length }, findings };
  },
};
export default check;
