import type { Check } from "../../../check.ts";
import { deviation } from "../../ladder.ts";
import { errorsForTries } from "../many-tries.ts";
import type { AgentContext } from "../play.ts";

const check: Check<AgentContext> = {
  id: "solver-agent-trivial",
  layer: "execution",
  title: "A coding agent has no better score than the trivial one",
  severity: "fatal",
  blame: "designer",
  why: "Tasks are made for agents: one that an agent cannot solve from its public folder in the interactive environment lacks something that our own solvers did not need to be told.",
  threshold:
    "the paired 95% bootstrap interval of the agent's best graded submission over trivial, widened for the number of submissions that were graded, contains zero; a plain comparison where the metric cannot be resampled",
  origin:
    "as ladder-no-skill; the best of many tries is lucky more often, so that the error is 1.96 standard errors for one submission and 2.73 for eight (Bonferroni).",
  run({ manifest, play, trivial, best, differences, graded }) {
    if (trivial.score === null) return { skipped: "the trivial level has no score" };
    const sign = manifest.metric.direction === "maximize" ? 1 : -1;
    const errors = errorsForTries(graded);
    const error = differences.length < 20 ? 0 : errors * deviation(differences);
    const gain = best === null ? null : sign * (best.score - trivial.score);
    const failed = play.steps.filter(({ status, note }) => status === "FAILED" && note !== "");
    return {
      measured: {
        agent: play.agent,
        actions: play.steps.length,
        budget: play.budget,
        graded,
        best: best?.score ?? null,
        trivial: trivial.score,
        gain,
        error,
      },
      findings:
        gain === null || gain - error <= 0
          ? [
              {
                message:
                  "Say in the description all that a solver needs: files, columns, the submission's format; or choose what the features tell something about.",
                evidence: `${play.agent} took ${play.steps.length} of ${play.budget} actions; ${
                  best === null
                    ? "no submission was scored"
                    : `best ${best.score.toPrecision(4)}, trivial ${trivial.score.toPrecision(4)}: gain ${gain?.toPrecision(3)} ± ${error.toPrecision(3)} after ${graded} submissions`
                }${failed.length === 0 ? "" : `; failed: ${[...new Set(failed.map(({ note }) => note))].slice(-3).join(" | ")}`}`,
              },
            ]
          : [],
    };
  },
};
export default check;
