import type { Services } from "./services.ts";
import type { TaskResult, TaskValues } from "./state.ts";

/** The result of a candidate that ends here, told as an event too. */
export function rejected(
  services: Services,
  state: Pick<TaskValues, "dataset" | "candidate" | "slot" | "attempts" | "openDefects" | "history">,
  { unsoundIdea }: { unsoundIdea: boolean },
): TaskResult {
  const { candidate, slot, attempts } = state;
  const reason = state.openDefects.map((defect) => `${defect.check}: ${defect.message}`).join("; ");
  services.emit({
    event: "candidate_rejected",
    dataset: state.dataset,
    candidate: candidate.id,
    title: candidate.title,
    reason,
    attempts,
  });
  return {
    slot,
    title: candidate.title,
    candidate: candidate.id,
    objective: candidate.objective,
    metric: candidate.metric,
    status: "rejected",
    unsoundIdea,
    id: null,
    path: null,
    approvedByPerson: false,
    attempts,
    defects: state.history.map(({ attempt, defect: { check, blame, message, evidence } }) => ({
      check,
      attempt,
      blame,
      message,
      evidence,
    })),
  };
}
