import type { Defect } from "../verifiers/defect.ts";
import type { SmithValues, TaskValues } from "./state.ts";

/** What an attempt at a task may cost in all; nothing resets the counts. */
export interface AttemptLimits {
  designer: number;
  refactor: number;
}

/** Where a task goes when nothing is open. */
export type Onward = "refactor" | "assertions" | "review" | "execution" | "publish";

/**
 * Where a task goes after a check: onward when nothing is open, else to the agent that can mend it, else out.
 * The gravest blame decides: an unsound idea ends the candidate, wrong substance goes to the Designer, form to Refactor.
 */
export function routeByBlame(
  state: Pick<TaskValues, "openDefects" | "attempts">,
  onward: Onward,
  limits: AttemptLimits,
): Onward | "design" | "refactor" | "reject" {
  const blames = new Set(state.openDefects.map((defect: Defect) => defect.blame));
  if (blames.size === 0) return onward;
  if (blames.has("brainstormer")) return "reject";
  if (blames.has("designer")) return state.attempts.designer < limits.designer ? "design" : "reject";
  return state.attempts.refactor < limits.refactor ? "refactor" : "reject";
}

/** The defects that send a task back; minor ones are only recorded with it. */
export function blocking(defects: Defect[]): Defect[] {
  return defects.filter((defect) => defect.severity !== "minor");
}

/** Slots whose idea was unsound and that had no replacement yet. */
export function slotsToReplace(state: Pick<SmithValues, "results" | "replacedSlots">): number[] {
  return [
    ...new Set(
      state.results
        .filter((result) => result.unsoundIdea && !state.replacedSlots.includes(result.slot))
        .map((result) => result.slot),
    ),
  ];
}
