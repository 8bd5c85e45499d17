import type { Check } from "../../check.ts";
import { expected, gain, type MetricContext, NO_REPORT, permutedScore, scored } from "../../scores.ts";

const check: Check<MetricContext> = {
  id: "metric-blind-to-permutation",
  layer: "assertions",
  title: "The true values on the wrong rows score as well as the truth",
  severity: "fatal",
  blame: "designer",
  why: "A metric that compares distributions, ignores ids or always returns one value cannot tell who predicted.",
  run(context) {
    if (context.report === null) return { skipped: NO_REPORT };
    const [perfect] = scored(expected(context, "best"));
    const permuted = permutedScore(context);
    if (perfect === undefined || permuted === null) return { skipped: "nothing was scored" };
    const worse = gain(context.manifest, perfect.score) > gain(context.manifest, permuted) + 1e-9;
    return {
      measured: { perfect: perfect.score, permuted },
      findings: worse
        ? []
        : [
            {
              message: "Compare predictions with the truth of the same id.",
              evidence: `truth ${perfect.score}, permuted ${permuted}`,
            },
          ],
    };
  },
};
export default check;
