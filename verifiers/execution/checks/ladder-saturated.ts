import type { Check } from "../../check.ts";
import { type LadderContext, scoreOf } from "../ladder.ts";

const check: Check<LadderContext> = {
  id: "ladder-saturated",
  layer: "execution",
  title: "The strong solver cannot be told from perfect",
  severity: "fatal",
  blame: "designer",
  why: "A plain model that is as good as perfect means a leak, or a question without difficulty.",
  threshold: "strong's 95% bootstrap interval contains the metric's best value",
  run(context) {
    const strong = context.ladder.find((step) => step.name === "strong");
    const score = scoreOf(context, "strong");
    if (strong === undefined || score === null) return { skipped: "the strong step has no score" };
    const { best, direction } = context.manifest.metric;
    const top = strong.interval === null ? score : strong.interval[direction === "maximize" ? 1 : 0];
    const contains = direction === "maximize" ? top >= best : top <= best;
    return {
      measured: { score, best, interval: strong.interval },
      findings: contains
        ? [
            {
              message:
                "Withhold what gives the answer away, choose a metric that still tells methods apart, or ask something harder.",
              evidence: `${strong.model} scores ${score.toPrecision(5)}, interval up to ${top.toPrecision(5)}; perfect is ${best}`,
            },
          ]
        : [],
    };
  },
};
export default check;
