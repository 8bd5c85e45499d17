import type { Check } from "../../check.ts";
import { deviation, type LadderContext, scoreOf } from "../ladder.ts";

/** Standard errors by which strong must be better than one of the rungs below it. */
const ERRORS = 1;

const check: Check<LadderContext> = {
  id: "ladder-flat",
  layer: "execution",
  title: "Neither more rows nor a better model pays",
  severity: "fatal",
  blame: "brainstormer",
  why: "Where the strong procedure does as well on a tenth of the rows, and a straight line does as well as it, all that is above a constant is one level: whoever hands in anything sensible shares the first place.",
  threshold:
    "strong's gain over itself on a tenth of the rows, or over the simple solver, is at least one standard error of the paired bootstrap over the units of the split",
  origin:
    "the usual level of confidence; gains are paired, so that the difficulty of the drawn units cancels",
  run(context) {
    // Gains differ from group to group, which tells nothing of two solvers on the same groups; events are few whatever the unit.
    if (context.unit !== "row" && context.manifest.objective !== "survival")
      return { skipped: `what is resampled are groups of rows, whose gains differ for other reasons` };
    const strong = scoreOf(context, "strong");
    const sign = context.manifest.metric.direction === "maximize" ? 1 : -1;
    const rungs = (["limited", "simple"] as const).map((name) => {
      const score = scoreOf(context, name);
      const gains = context.over[name];
      return score === null || strong === null || gains.length < 20
        ? null
        : { name, gain: sign * (strong - score), error: deviation(gains) };
    });
    const [limited, simple] = rungs;
    if (!limited || !simple) return { skipped: "a rung below strong has no score that could be resampled" };
    const flat = [limited, simple].every(({ gain, error }) => gain < ERRORS * error);
    return {
      measured: { limited, simple },
      findings: flat
        ? [
            {
              message: "Choose a target on which more rows or a better model pay, or a larger test.",
              evidence: [limited, simple]
                .map(
                  ({ name, gain, error }) =>
                    `over ${name} strong gains ${gain.toPrecision(3)} with a standard error of ${error.toPrecision(3)}`,
                )
                .join("; "),
            },
          ]
        : [],
    };
  },
};
export default check;
