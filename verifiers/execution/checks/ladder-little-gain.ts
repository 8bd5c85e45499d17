import type { Check } from "../../check.ts";
import { type LadderContext, normalisedGain } from "../ladder.ts";

const LEAST = 0.05;

const check: Check<LadderContext> = {
  id: "ladder-little-gain",
  layer: "execution",
  title: "The strong solver goes less than a twentieth of the way from trivial to perfect",
  severity: "fatal",
  blame: "brainstormer",
  why: "A task whose whole range of skill is a sliver of the metric cannot tell players apart.",
  threshold: "normalised gain (strong − trivial) / (perfect − trivial) of at least 0.05",
  origin:
    "a judgement: over such a range a score of two digits has five places, and the noise of a test of 600 rows covers two of them",
  run(context) {
    const gain = normalisedGain(context);
    if (gain === null) return { skipped: "a step has no score" };
    return {
      measured: { normalisedGain: gain },
      findings:
        gain < LEAST
          ? [
              {
                message: "Choose a target, or a metric, on which skill shows.",
                evidence: `normalised gain ${gain.toFixed(4)}`,
              },
            ]
          : [],
    };
  },
};
export default check;
