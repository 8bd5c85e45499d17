import type { Check } from "../../check.ts";
import { deviation, type LadderContext, scoreOf } from "../ladder.ts";

const check: Check<LadderContext> = {
  id: "ladder-no-skill",
  layer: "execution",
  title: "The strong solver is not better than the trivial one beyond noise",
  severity: "fatal",
  blame: "brainstormer",
  why: "When the data do not tell the target, a ranking of solutions is a ranking of luck.",
  threshold:
    "the paired 95% bootstrap interval of strong over trivial, over the units of the split, contains zero",
  origin:
    "the usual level of confidence; gains are paired, so that the difficulty of the drawn units cancels",
  run(context) {
    const [trivial, strong] = [scoreOf(context, "trivial"), scoreOf(context, "strong")];
    if (trivial === null || strong === null) return { skipped: "a step has no score" };
    const sign = context.manifest.metric.direction === "maximize" ? 1 : -1;
    const difference = sign * (strong - trivial);
    if (context.differences.length < 20) return { skipped: "the metric could not be resampled" };
    const error = 1.96 * deviation(context.differences);
    return {
      measured: {
        difference,
        error,
        // Steps of one margin of error from trivial to strong: at least so many solvers can be told apart.
        levels: error > 0 ? Math.max(0, Math.floor(difference / error)) : null,
        rounds: context.differences.length,
        unit: context.unit,
      },
      findings:
        difference - error <= 0
          ? [
              {
                message: "Choose a target that these features tell something about.",
                evidence: `strong ${strong.toPrecision(4)}, trivial ${trivial.toPrecision(4)}: gain ${difference.toPrecision(3)} ± ${error.toPrecision(3)}`,
              },
            ]
          : [],
    };
  },
};
export default check;
