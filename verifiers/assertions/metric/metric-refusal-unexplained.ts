import type { Check } from "../../check.ts";
import { expected, type MetricContext, NO_REPORT } from "../../scores.ts";

const check: Check<MetricContext> = {
  id: "metric-refusal-unexplained",
  layer: "assertions",
  title: "A refused submission is not told what is wrong",
  severity: "major",
  blame: "refactor",
  why: "An agent mends its submission from the message; without one it guesses.",
  run(context) {
    if (context.report === null) return { skipped: NO_REPORT };
    const refused = expected(context, "refused").filter((entry) => entry.result.status === "refused");
    const silent = refused.filter((entry) => entry.result.message.trim().length < 12);
    const messages = new Set(refused.map((entry) => entry.result.message));
    return {
      measured: { refused: refused.length, silent: silent.length, distinct: messages.size },
      findings: [
        ...silent.slice(0, 3).map((entry) => ({
          message: `Say that ${entry.fault}.`,
          evidence: `the message is '${entry.result.message}'`,
        })),
        ...(refused.length >= 6 && messages.size < 3
          ? [
              {
                message: "Say what is wrong with a submission, not only that something is.",
                evidence: `${refused.length} faults, messages: ${[...messages].join(" | ")}`,
              },
            ]
          : []),
      ],
    };
  },
};
export default check;
