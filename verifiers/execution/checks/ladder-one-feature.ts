import type { Check } from "../../check.ts";
import { deviation, type LadderContext, scoreOf } from "../ladder.ts";

/** Standard errors by which all columns must be better than the best one: the 95% interval says so. */
const ERRORS = 1.96;

const check: Check<LadderContext> = {
  id: "ladder-one-feature",
  layer: "execution",
  title: "The strong solver is not better than one column alone beyond noise",
  severity: "fatal",
  blame: "brainstormer",
  why: "Where one column says all that there is to say, a table of its means is as good as any model, and solvers do not differ.",
  threshold:
    "strong's gain over the same procedure on the best single column is at least 1.96 standard errors of the paired bootstrap over the units of the split",
  origin:
    "the usual level of confidence; gains are paired, so that the difficulty of the drawn units cancels",
  run(context) {
    const { single } = context;
    const strong = scoreOf(context, "strong");
    if (single === null || strong === null)
      return { skipped: "rows are not answered from plain columns of their own" };
    if (single.differences.length < 20) return { skipped: "the metric could not be resampled" };
    const sign = context.manifest.metric.direction === "maximize" ? 1 : -1;
    const gain = sign * (strong - single.score);
    const error = deviation(single.differences);
    return {
      measured: { single: single.score, model: single.model, strong, gain, error },
      findings:
        gain < ERRORS * error
          ? [
              {
                message: "Choose a target that more than one column tells something about, or a larger test.",
                evidence: `strong ${strong.toPrecision(4)}, ${single.model} ${single.score.toPrecision(4)}: gain ${gain.toPrecision(3)} with a standard error of ${error.toPrecision(3)}`,
              },
            ]
          : [],
    };
  },
};
export default check;
