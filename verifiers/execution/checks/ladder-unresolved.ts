import type { Check } from "../../check.ts";
import { deviation, type LadderContext, scoreOf } from "../ladder.ts";

/** Margins of error between trivial and strong, at least: a solver half-way is then a whole margin from either. */
const LEAST_MARGINS = 2;
/** The same where all that is above trivial is one level: then only the way up to it is left to rank by. */
const LEAST_MARGINS_OF_ONE_LEVEL = 3;

const check: Check<LadderContext> = {
  id: "ladder-unresolved",
  layer: "execution",
  title: "The hidden test cannot place solvers between trivial and strong",
  severity: "fatal",
  blame: "brainstormer",
  why: "A strong solver that is just better than a constant beyond noise leaves no room to rank those in between: a small test or a weak signal makes the leaderboard a lottery.",
  threshold:
    "between trivial and strong lie at least 2 margins of error (1.96 standard errors of the paired bootstrap over the units of the split); 3 where strong gains less than one standard error over itself on a tenth of the rows and over the simple solver",
  origin:
    "solvers whose scores lie a margin apart are told apart: with 2 margins a solver half-way is told from trivial and from strong; where a tenth of the rows and a straight line reach the same, two places in between are asked for instead of one, a judgement",
  run(context) {
    const [trivial, strong] = [scoreOf(context, "trivial"), scoreOf(context, "strong")];
    if (trivial === null || strong === null) return { skipped: "a step has no score" };
    // Gains differ from group to group, which tells nothing of two solvers on the same groups; events are few whatever the unit.
    if (context.unit !== "row" && context.manifest.objective !== "survival")
      return { skipped: `what is resampled are groups of rows, whose gains differ for other reasons` };
    if (context.differences.length < 20) return { skipped: "the metric could not be resampled" };
    const gain = Math.abs(strong - trivial);
    const margin = 1.96 * deviation(context.differences);
    const margins = margin === 0 ? Number.POSITIVE_INFINITY : gain / margin;
    const least = isOneLevel(context) ? LEAST_MARGINS_OF_ONE_LEVEL : LEAST_MARGINS;
    // Without any skill another check speaks.
    return {
      measured: { margins: Number.isFinite(margins) ? margins : null, least, gain, margin },
      findings:
        margins < least && margins > 1
          ? [
              {
                message: "Hide more rows, or choose a target that these features tell more about.",
                evidence: `strong ${strong.toPrecision(4)} and trivial ${trivial.toPrecision(4)} are ${margins.toFixed(1)} margins of error apart${least > LEAST_MARGINS ? ", and neither more rows nor a better model pays" : ""}`,
              },
            ]
          : [],
    };
  },
};
export default check;

/** Whether strong gains less than a standard error over itself on a tenth of the rows, and over the simple solver. */
function isOneLevel(context: LadderContext): boolean {
  const strong = scoreOf(context, "strong");
  const sign = context.manifest.metric.direction === "maximize" ? 1 : -1;
  return (["limited", "simple"] as const).every((name) => {
    const score = scoreOf(context, name);
    const gains = context.over[name];
    return (
      score !== null && strong !== null && gains.length >= 20 && sign * (strong - score) < deviation(gains)
    );
  });
}
