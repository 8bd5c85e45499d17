import type { Services } from "../services.ts";
import type { TaskUpdate, TaskValues } from "../state.ts";
import { endTaskSpan } from "../task-span.ts";

/** A rejected candidate is a result: kept with every reason, counted in the funnel. */
export function reject(services: Services, state: TaskValues): TaskUpdate {
  const { candidate, slot, attempts } = state;
  const defects = state.history.map(({ attempt, defect: { check, blame, message, evidence } }) => ({
    check,
    attempt,
    blame,
    message,
    evidence,
  }));
  const reason = state.openDefects.map((defect) => `${defect.check}: ${defect.message}`).join("; ");
  services.emit({
    event: "candidate_rejected",
    dataset: state.dataset,
    candidate: candidate.id,
    title: candidate.title,
    reason,
    attempts,
  });
  endTaskSpan({ dataset: state.dataset, candidate: candidate.id }, "rejected");
  const unsoundIdea = state.openDefects.some((defect) => defect.blame === "brainstormer");
  return {
    results: [
      {
        slot,
        title: candidate.title,
        candidate: candidate.id,
        objective: candidate.objective,
        metric: candidate.metric,
        status: "rejected",
        unsoundIdea,
        id: null,
        path: null,
        attempts,
        defects,
      },
    ],
  };
}
