import type { Check } from "../../check.ts";
import { type LadderContext, normalisedGain, scoreOf } from "../ladder.ts";

/** Share of the way to perfect after which the answers that are still wrong are too few to rank solvers by. */
const MOST_GAIN = 0.85;

const check: Check<LadderContext> = {
  id: "ladder-saturated",
  layer: "execution",
  title: "The strong solver cannot be told from perfect",
  severity: "fatal",
  blame: "designer",
  why: "A plain model that is as good as perfect means a leak, or a question without difficulty.",
  threshold:
    "strong's 95% bootstrap interval contains the metric's best value, or the log loss of strong is within 15 percent of the way from perfect (its interval never contains 0)",
  origin:
    "the usual level of confidence; where the interval never contains the best value, 15 percent are a judgement of what is left for solvers to differ in",
  run(context) {
    const strong = context.ladder.find((step) => step.name === "strong");
    const score = scoreOf(context, "strong");
    if (strong === undefined || score === null) return { skipped: "the strong step has no score" };
    const { best, direction } = context.manifest.metric;
    const top = strong.interval === null ? score : strong.interval[direction === "maximize" ? 1 : 0];
    const gain = normalisedGain(context);
    const sure = context.manifest.metric.name === "log_loss" && gain !== null && gain > MOST_GAIN;
    const contains = (direction === "maximize" ? top >= best : top <= best) || sure;
    return {
      measured: { score, best, interval: strong.interval, normalisedGain: gain },
      findings: contains
        ? [
            {
              message:
                "Withhold what gives the answer away, choose a metric that still tells methods apart, or ask something harder.",
              evidence: `${strong.model} scores ${score.toPrecision(5)}, interval up to ${top.toPrecision(5)}; perfect is ${best}${gain === null ? "" : `, and ${(100 * gain).toFixed(1)}% of the way from trivial is gone`}`,
            },
          ]
        : [],
    };
  },
};
export default check;
