import type { Check } from "../../check.ts";
import type { LadderContext } from "../ladder.ts";

const check: Check<LadderContext> = {
  id: "answers-readable",
  layer: "execution",
  title: "The answers can be read from where solutions run",
  severity: "fatal",
  blame: "refactor",
  why: "Agents look for the answers; the attempt is made here, in the job that solves, and must fail.",
  run({ solved }) {
    if (solved === null) return { skipped: "nothing was solved" };
    const { tried, found, network } = solved.probe;
    return {
      measured: { tried, found: found.length, network },
      findings: [
        ...(found.length > 0
          ? [
              {
                message: "Keep the answers out of the solver's reach.",
                evidence: `found ${found.slice(0, 5).join(", ")}`,
              },
            ]
          : []),
        ...(network
          ? [{ message: "Solutions must run without a network.", evidence: "a connection was opened" }]
          : []),
      ],
    };
  },
};
export default check;
