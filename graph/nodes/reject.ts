import { rejected } from "../rejected.ts";
import type { Services } from "../services.ts";
import type { TaskUpdate, TaskValues } from "../state.ts";
import { endTaskSpan } from "../task-span.ts";

/** A rejected candidate is a result: kept with every reason, counted in the funnel. */
export function reject(services: Services, state: TaskValues): TaskUpdate {
  const unsoundIdea = state.openDefects.some((defect) => defect.blame === "brainstormer");
  const result = rejected(services, state, { unsoundIdea });
  endTaskSpan({ dataset: state.dataset, candidate: state.candidate.id }, "rejected");
  return { results: [result] };
}
