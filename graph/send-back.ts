import type { Defect } from "../verifiers/defect.ts";
import { blocking } from "./routing.ts";
import type { Services } from "./services.ts";
import type { TaskUpdate, TaskValues } from "./state.ts";

/** Records what a check found: the trail (defect, blame, attempt) in the events, open defects and history in the state. */
export function sendBack(services: Services, state: TaskValues, defects: Defect[]): Pick<TaskUpdate, "openDefects" | "history"> {
  const openDefects = blocking(defects);
  const attempt = state.attempts.designer + state.attempts.refactor;
  if (openDefects.length > 0) {
    const gravest = ["brainstormer", "designer", "refactor"].find((blame) => openDefects.some((defect) => defect.blame === blame));
    services.emit({
      event: "defects_found",
      dataset: state.dataset.path,
      candidate: state.candidate.id,
      attempt,
      blame: gravest,
      summary: openDefects.map((defect) => `${defect.check}: ${defect.message}`).join("; "),
      defects: openDefects,
    });
  }
  return { openDefects, history: openDefects.map((defect) => ({ attempt, defect })) };
}
