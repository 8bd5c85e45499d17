import type { Check } from "../../check.ts";
import { expected, gain, type MetricContext, NO_REPORT, permutedScore, scored } from "../../scores.ts";

const check: Check<MetricContext> = {
  id: "metric-not-monotone",
  layer: "assertions",
  title: "More noise in the predictions does not score worse",
  severity: "fatal",
  blame: "designer",
  why: "A score that does not fall as predictions get worse cannot rank solutions.",
  threshold:
    "each level of noise may be better than the one before by at most a tenth of the way from perfect to permuted (sampling noise of small tests); the noisiest must be worse than perfect",
  origin:
    "each level disturbs a quarter of the rows more than the one before, so that a rise of a tenth is seven standard errors from the fall that is expected on the least of tests (14 more rows of 40, the root of 14 × 0.25 / 40² each)",
  run(context) {
    if (context.report === null) return { skipped: NO_REPORT };
    const { manifest } = context;
    const noise = expected(context, "noise").sort((left, right) => (left.level ?? 0) - (right.level ?? 0));
    const levels = [...scored(expected(context, "best")).slice(0, 1), ...scored(noise)];
    const permuted = permutedScore(context);
    const first = levels[0];
    const last = levels.at(-1);
    if (first === undefined || last === undefined || levels.length < 3 || permuted === null)
      return { skipped: "nothing was scored" };
    const scores = levels.map((level) => gain(manifest, level.score));
    const scale = Math.max(Math.abs(gain(manifest, first.score) - gain(manifest, permuted)), 1e-12);
    const rises = scores.slice(1).map((score, index) => score - (scores[index] ?? score));
    const wrong =
      rises.some((rise) => rise > 0.1 * scale) ||
      gain(manifest, last.score) >= gain(manifest, first.score) - 1e-9;
    // What lies far beyond every answer is as wrong as can be.
    const enormous = scored(expected(context, "finite")).filter(
      (entry) =>
        entry.name !== "extreme-tiny" && gain(manifest, entry.score) >= gain(manifest, first.score) - 1e-9,
    );
    if (enormous.length > 0)
      return {
        measured: { scores: levels.map((level) => level.score), permuted },
        findings: [
          {
            message: "Make the score fall as predictions get worse, however large they are.",
            evidence: `${enormous.map((entry) => `'${entry.name}' scores ${entry.score}`).join(", ")}, as the truth does`,
          },
        ],
      };
    return {
      measured: { scores: levels.map((level) => level.score), permuted },
      findings: wrong
        ? [
            {
              message: "Make the score fall as predictions get worse.",
              evidence: `from perfect to noisiest: ${levels.map((level) => level.score.toPrecision(5)).join(", ")}`,
            },
          ]
        : [],
    };
  },
};
export default check;
