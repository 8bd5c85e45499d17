import type { Check } from "../../check.ts";
import type { LadderContext } from "../ladder.ts";

/** Seconds that an interpreter needs to import scikit-learn and LightGBM on a busy machine; ours are kept ready. */
const START = 3;
/** A machine of half the speed must do, too. */
const SLOWER = 2;

const check: Check<LadderContext> = {
  id: "budget-exceeded",
  layer: "execution",
  title: "The reference solvers do not stay inside the declared budget",
  severity: "fatal",
  blame: "designer",
  why: "A budget in which not even the reference fits shuts out every honest solution.",
  threshold:
    "twice the seconds of the reference (a machine of half the speed), plus 3 to start an interpreter with its libraries (2.6 to 2.8 measured under load, decision 6), which the reference finds ready; the memory that its job is given",
  origin:
    "decision 6 measured the start; half the speed is what the same work takes on a machine whose cores others use too",
  run({ solved, problem, manifest }) {
    if (solved === null && problem !== null && !/timeout|oom|memory/i.test(problem))
      return { skipped: "the solving job ended otherwise" };
    const exceeded = solved === null || SLOWER * solved.seconds + START > manifest.budget.seconds;
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
              evidence:
                problem ??
                `the reference took ${solved?.seconds.toFixed(1)} of ${manifest.budget.seconds} s, found its libraries imported, and a machine may be half as fast`,
            },
          ]
        : [],
    };
  },
};
export default check;
