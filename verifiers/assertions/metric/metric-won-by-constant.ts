import type { Check } from "../../check.ts";
import { expected, gain, type MetricContext, NO_REPORT, permutedScore, scored } from "../../scores.ts";

const check: Check<MetricContext> = {
  id: "metric-won-by-constant",
  layer: "assertions",
  title: "A constant prediction scores as well as the truth",
  severity: "fatal",
  blame: "designer",
  why: "Where one value for all rows wins, there is no task.",
  threshold: "within one percent of the way from the permuted answers to the truth",
  origin:
    "less than any hidden test of the allowed size resolves: the standard error of a share on 600 rows is 2 percent",
  run(context) {
    if (context.report === null) return { skipped: NO_REPORT };
    const [perfect] = scored(expected(context, "best"));
    const permuted = permutedScore(context);
    const constants = scored(expected(context, "constant"));
    if (perfect === undefined || permuted === null) return { skipped: "nothing was scored" };
    const { manifest } = context;
    const top = gain(manifest, perfect.score);
    const margin = 0.01 * Math.max(top - gain(manifest, permuted), 0);
    const winners = constants.filter((entry) => gain(manifest, entry.score) >= top - margin);
    return {
      measured: {
        constants: Object.fromEntries(constants.map((entry) => [entry.name, entry.score])),
        perfect: perfect.score,
      },
      findings: winners.slice(0, 1).map((entry) => ({
        message: "Choose a metric, or a target, that no constant prediction satisfies.",
        evidence: `'${entry.name}' scores ${entry.score}, the truth ${perfect.score}`,
      })),
    };
  },
};
export default check;
