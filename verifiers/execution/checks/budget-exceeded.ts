import type { Check } from "../../check.ts";
import type { LadderContext } from "../ladder.ts";

const check: Check<LadderContext> = {
  id: "budget-exceeded",
  layer: "execution",
  title: "The reference solvers do not stay inside the declared budget",
  severity: "fatal",
  blame: "designer",
  why: "A budget in which not even the reference fits shuts out every honest solution.",
  run({ solved, problem, manifest }) {
    if (solved === null && problem !== null && !/timeout|oom|memory/i.test(problem))
      return { skipped: "the solving job ended otherwise" };
    const exceeded = solved === null || solved.seconds > manifest.budget.seconds;
    // Seconds vary from run to run, so they are judged and not kept.
    return {
      measured: {
        budgetSeconds: manifest.budget.seconds,
        budgetMemoryMb: manifest.budget.memoryMb,
        held: !exceeded,
      },
      findings: exceeded
        ? [
            {
              message: "Declare a budget in which the reference solvers fit.",
              evidence: problem ?? "more seconds than declared",
            },
          ]
        : [],
    };
  },
};
export default check;
