import type { Defect } from "../verifiers/defect.ts";
import { blocking } from "./routing.ts";
import type { Services } from "./services.ts";
import type { TaskUpdate, TaskValues } from "./state.ts";

/** Records what a check found: the trail (defect, blame, attempt) in the events, open defects and history in the state. */
export function sendBack(
  services: Services,
  state: Pick<TaskValues, "dataset" | "candidate" | "attempts">,
  defects: Defect[],
): Pick<TaskUpdate, "openDefects" | "history"> {
  const openDefects = blocking(defects);
  const attempt = attemptOf(state);
  if (openDefects.length > 0) {
    services.emit({
      event: "defects_found",
      dataset: state.dataset,
      candidate: state.candidate.id,
      attempt,
      blame: ["brainstormer", "designer", "refactor"].find((blame) =>
        openDefects.some((defect) => defect.blame === blame),
      ),
      summary: openDefects.map((defect) => `${defect.check}: ${defect.message}`).join("; "),
      defects: openDefects,
    });
  }
  return { openDefects, history: openDefects.map((defect) => ({ attempt, defect })) };
}

/** Number of the present attempt: every design and every later rework by Refactor is one. */
export function attemptOf(state: Pick<TaskValues, "attempts">): number {
  return state.attempts.designer + state.attempts.refactor;
}

/** An author who sees no way on ends the task: the idea has nobody left who could mend it. */
export function givenUp(role: string, reason: string): Defect {
  return {
    check: `${role}-gave-up`,
    layer: "assertions",
    severity: "fatal",
    blame: "brainstormer",
    message: reason,
    evidence: "the author's own words",
    repair: null,
  };
}
