import type { Check } from "../../check.ts";
import { type LadderContext, scoreOf } from "../ladder.ts";

const check: Check<LadderContext> = {
  id: "ladder-levels-merge",
  layer: "execution",
  title: "Levels of the ladder are out of order",
  severity: "minor",
  blame: "brainstormer",
  why: "A good task rewards more data and better models; where it does not, the reader should know.",
  run(context) {
    const sign = context.manifest.metric.direction === "maximize" ? 1 : -1;
    const order = (["trivial", "limited", "simple", "strong"] as const).map((name) => ({
      name,
      score: scoreOf(context, name),
    }));
    const known = order.filter(
      (step): step is { name: typeof step.name; score: number } => step.score !== null,
    );
    if (known.length < 3) return { skipped: "too few steps have a score" };
    const pairs = [
      ["trivial", "limited"],
      ["limited", "strong"],
      ["trivial", "simple"],
      ["simple", "strong"],
    ] as const;
    const wrong = pairs.filter(([low, high]) => {
      const [left, right] = [scoreOf(context, low), scoreOf(context, high)];
      return left !== null && right !== null && sign * (right - left) < 0;
    });
    return {
      measured: Object.fromEntries(known.map((step) => [step.name, step.score])),
      findings: wrong.map(([low, high]) => ({
        message: `The step '${high}' does not beat '${low}'.`,
        evidence: `${low} ${scoreOf(context, low)}, ${high} ${scoreOf(context, high)}`,
      })),
    };
  },
};
export default check;
