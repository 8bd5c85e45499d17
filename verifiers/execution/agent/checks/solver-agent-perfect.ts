import type { Check } from "../../../check.ts";
import type { AgentContext } from "../play.ts";

const check: Check<AgentContext> = {
  id: "solver-agent-perfect",
  layer: "execution",
  title: "A coding agent's score cannot be told from perfect",
  severity: "fatal",
  blame: "designer",
  why: "An agent looks where our solvers do not: in files' contents, names and order. What it solves without an error in a few actions gives the answers away, or leaves nothing to rank.",
  threshold:
    "the 95% bootstrap interval of the agent's best graded submission contains the metric's best value",
  origin: "as ladder-saturated.",
  run({ manifest, play, best }) {
    if (best === null) return { skipped: "no submission of the agent was graded" };
    const { best: perfect, direction } = manifest.metric;
    const top = best.interval === null ? best.score : best.interval[direction === "maximize" ? 1 : 0];
    const reached = direction === "maximize" ? top >= perfect : top <= perfect;
    return {
      measured: { best: best.score, interval: best.interval, perfect },
      findings: reached
        ? [
            {
              message: "Find what gives the answers away and withhold it, or ask something harder.",
              evidence: `${play.agent} scores ${best.score.toPrecision(5)}, interval up to ${top.toPrecision(5)}; perfect is ${perfect}${play.approach === "" ? "" : `. In its words: ${play.approach}`}`,
            },
          ]
        : [],
    };
  },
};
export default check;
