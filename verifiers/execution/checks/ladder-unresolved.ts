import type { Check } from "../../check.ts";
import { deviation, type LadderContext, scoreOf } from "../ladder.ts";

/** Margins of error between trivial and strong, at least: a solver half-way is then a whole margin from either. */
const LEAST_MARGINS = 2;

const check: Check<LadderContext> = {
  id: "ladder-unresolved",
  layer: "execution",
  title: "The hidden test cannot place solvers between trivial and strong",
  severity: "fatal",
  blame: "brainstormer",
  why: "A strong solver that is just better than a constant beyond noise leaves no room to rank those in between: a small test or a weak signal makes the leaderboard a lottery.",
  threshold:
    "between trivial and strong lie at least 2 margins of error (1.96 standard errors of the paired bootstrap over the units of the split)",
  origin:
    "solvers whose scores lie a margin apart are told apart: with 2 margins a solver half-way is told from trivial and from strong",
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
    // Without any skill another check speaks.
    return {
      measured: { margins: Number.isFinite(margins) ? margins : null, gain, margin },
      findings:
        margins < LEAST_MARGINS && margins > 1
          ? [
              {
                message: "Hide more rows, or choose a target that these features tell more about.",
                evidence: `strong ${strong.toPrecision(4)} and trivial ${trivial.toPrecision(4)} are ${margins.toFixed(1)} margins of error apart`,
              },
            ]
          : [],
    };
  },
};
export default check;
