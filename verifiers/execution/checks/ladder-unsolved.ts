import type { Check } from "../../check.ts";
import { type LadderContext, scoreOf } from "../ladder.ts";

const check: Check<LadderContext> = {
  id: "ladder-unsolved",
  layer: "execution",
  title: "No reference solver has a valid solution",
  severity: "fatal",
  blame: "designer",
  why: "A task that nothing of ours can solve from its public folder within its budget was never shown to be solvable.",
  run(context) {
    const { solved, problem } = context;
    const missing = (["trivial", "strong"] as const).filter((name) => scoreOf(context, name) === null);
    const notes = context.ladder.map((step) => `${step.name}: ${step.note || "scored"}`).join("; ");
    return {
      measured: { steps: solved?.steps.length ?? 0, missing },
      findings:
        missing.length > 0
          ? [
              {
                message: "Make a task that can be solved from its public folder, within its budget.",
                evidence: problem ?? notes,
              },
            ]
          : [],
    };
  },
};
export default check;
