import type { Defect } from "../verifiers/defect.ts";
import type { SmithValues, TaskValues } from "./state.ts";

/** What an attempt at a task may cost in all; nothing resets the counts. */
export interface AttemptLimits {
  designer: number;
  refactor: number;
}

/** Where a task goes when nothing is open. */
export type Onward = "refactor" | "assertions" | "review" | "execution" | "approve_task" | "publish";

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

/**
 * Where a person's word on a task leads. A remark is the Designer's to follow, if it reads remarks and has a design left;
 * else the candidate ends with it, as the person was told before.
 */
export function routeByDecision(
  state: Pick<TaskValues, "openDefects" | "attempts" | "decision">,
  limits: AttemptLimits,
  readsRemarks: boolean,
): "publish" | "design" | "reject" {
  if (state.openDefects.length === 0) return "publish";
  const mends = state.decision === "send_back" && readsRemarks && state.attempts.designer < limits.designer;
  return mends ? "design" : "reject";
}

/** The defects that send a task back; minor ones are only recorded with it. */
export function blocking(defects: Defect[]): Defect[] {
  return defects.filter((defect) => defect.severity !== "minor");
}

/** Candidates that still need a task, each with its slot. */
export function candidatesToTry(
  state: Pick<SmithValues, "candidates" | "results">,
): { candidate: SmithValues["candidates"][number]; slot: number }[] {
  return state.candidates
    .map((candidate, slot) => ({ candidate, slot }))
    .filter(({ candidate }) => !state.results.some((result) => result.candidate === candidate.id));
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
