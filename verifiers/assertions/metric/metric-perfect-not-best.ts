import type { Check } from "../../check.ts";
import { expected, type MetricContext, NO_REPORT, nearly, scored } from "../../scores.ts";

const check: Check<MetricContext> = {
  id: "metric-perfect-not-best",
  layer: "assertions",
  title: "The answers do not score the best value",
  severity: "fatal",
  blame: "designer",
  why: "Where the truth does not win, rows are misaligned, arguments swapped or labels mistaken.",
  threshold:
    "equal to the manifest's best value within 1e-6, relative; probabilities may be clipped, hence 1e-3 for log loss",
  origin:
    "scores are sums in another order, of values that went through a CSV file (1e-6); a probability clipped at 0.999 costs a log loss of 1e-3",
  run(context) {
    if (context.report === null) return { skipped: NO_REPORT };
    const perfect = scored(expected(context, "best").filter((entry) => entry.name === "perfect"));
    const [first] = perfect;
    if (first === undefined)
      return { skipped: "the perfect submission of this format is not known, or was not scored" };
    const best = context.manifest.metric.best;
    const tolerance = context.manifest.submission.kind === "probabilities" ? 1e-3 : 1e-6;
    return {
      measured: { score: first.score, best },
      findings: nearly(first.score, best, tolerance)
        ? []
        : [{ message: `Make the answers themselves score ${best}.`, evidence: `they score ${first.score}` }],
    };
  },
};
export default check;
