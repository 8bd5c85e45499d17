import type { Check } from "../../check.ts";
import { expected, type MetricContext, NO_REPORT } from "../../scores.ts";

/** Submissions in which there is nothing to score: only a metric that swallows its own error gives a number for them. */
const NOTHING_TO_SCORE = new Set(["bad-missing-column", "bad-empty-file", "bad-not-a-table"]);

const check: Check<MetricContext> = {
  id: "metric-accepts-bad-submission",
  layer: "assertions",
  title: "A submission that breaks the rules is scored",
  severity: "fatal",
  blame: "refactor",
  why: "MLE-Dojo ignores what validate_submission returns: only a raised InvalidSubmissionError refuses. NaN, missing or repeated rows that are scored can be exploited.",
  run(context) {
    if (context.report === null) return { skipped: NO_REPORT };
    const bad = expected(context, "refused");
    const accepted = bad.filter((entry) => entry.result.status === "scored");
    const crashed = bad.filter((entry) => entry.result.status === "crashed");
    // MLE-Dojo asks the validator, and scores what it does not raise on; evaluate may rely on it.
    const unraised = bad.filter(({ result }) => result.status === "refused" && result.validator === "passed");
    const empty = bad.filter(
      ({ name, result }) => NOTHING_TO_SCORE.has(name) && result.evaluator !== undefined,
    );
    const swallows = empty.length > 1 && empty.every(({ result }) => result.evaluator === "passed");
    return {
      measured: {
        tried: bad.length,
        accepted: accepted.map((entry) => entry.name),
        crashed: crashed.map((entry) => entry.name),
        unraised: unraised.map((entry) => entry.name),
        swallows,
      },
      findings: [
        ...accepted.slice(0, 6).map((entry) => ({
          message: `Refuse a submission where ${entry.fault}: raise InvalidSubmissionError in validate_submission.`,
          evidence: `'${entry.name}' scored ${entry.result.score}`,
        })),
        ...unraised.slice(0, 4).map((entry) => ({
          message: `Raise InvalidSubmissionError in validate_submission where ${entry.fault}.`,
          evidence: `validate_submission returns on '${entry.name}', and evaluate refuses it`,
        })),
        ...(swallows
          ? [
              {
                message:
                  "Let evaluate raise where there is nothing to score, rather than give a number for it.",
                evidence: `evaluate alone gives a score for ${empty.map(({ name }) => `'${name}'`).join(", ")}`,
              },
            ]
          : []),
        ...crashed.slice(0, 6).map((entry) => ({
          message: `Refuse a submission where ${entry.fault} with InvalidSubmissionError.`,
          evidence: `'${entry.name}' failed with ${entry.result.message}`,
        })),
      ],
    };
  },
};
export default check;
