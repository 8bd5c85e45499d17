import { ReducedValue, StateSchema } from "@langchain/langgraph";
import { z } from "zod";
import { Candidate } from "../agents/roles.ts";
import { TreeReference } from "../sandbox/job.ts";
import { Defect } from "../verifiers/defect.ts";
import { RunInput } from "./input.ts";

/**
 * State carries references and small facts; artefacts lie in the store by content hash
 * (a megabyte in the state is copied into every checkpoint).
 */

/** A dataset as opened: its raw folder in the store. */
export const DatasetReference = z.strictObject({
  name: z.string(),
  fingerprint: z.string(),
  raw: TreeReference,
});
export type DatasetReference = z.infer<typeof DatasetReference>;

/** Why a candidate was not accepted, as kept in results: the check and what it said. */
export const Reason = z.strictObject({
  check: z.string(),
  attempt: z.int(),
  blame: z.string(),
  message: z.string(),
  evidence: z.string(),
});

/** How one candidate ended. */
export const TaskResult = z.strictObject({
  slot: z.int().nonnegative(),
  title: z.string(),
  candidate: z.string(),
  objective: z.string(),
  metric: z.string(),
  status: z.enum(["accepted", "rejected"]),
  /** True when the idea itself is unsound and another may take its slot. */
  unsoundIdea: z.boolean(),
  /** Accepted: id and absolute path of the package. */
  id: z.string().nullable(),
  path: z.string().nullable(),
  attempts: z.strictObject({ designer: z.int(), refactor: z.int() }),
  defects: z.array(Reason),
});
export type TaskResult = z.infer<typeof TaskResult>;

const results = new ReducedValue(
  z.array(TaskResult).default(() => []),
  { reducer: (kept: TaskResult[], added: TaskResult[]) => [...kept, ...added] },
);

/** The whole: one dataset in, tasks out. */
export const SmithState = new StateSchema({
  ...RunInput.shape,
  opened: DatasetReference.nullable().default(null),
  /** Key of the survey in the store. */
  surveyKey: z.string().nullable().default(null),
  refusal: z.strictObject({ reason: z.string(), help: z.string() }).nullable().default(null),
  candidates: z.array(Candidate).default(() => []),
  /** Slots that already had their one replacement idea. */
  replacedSlots: z.array(z.int()).default(() => []),
  results,
});

/** One candidate on its way to a task. */
export const TaskState = new StateSchema({
  ...RunInput.shape,
  opened: DatasetReference,
  surveyKey: z.string(),
  slot: z.int().nonnegative(),
  candidate: Candidate,
  /** Titles of the other candidates of this dataset. */
  siblings: z.array(z.string()).default(() => []),
  /** Keys in the store: the Designer's design; what Refactor made of it; what checks measured. */
  designKey: z.string().nullable().default(null),
  recordsKey: z.string().nullable().default(null),
  reviewKey: z.string().nullable().default(null),
  ladderKey: z.string().nullable().default(null),
  /** The package as prepared from the draft. */
  packageTree: TreeReference.nullable().default(null),
  attempts: z.strictObject({ designer: z.int(), refactor: z.int() }).default({ designer: 0, refactor: 0 }),
  /** Defects of the latest check that send the task back; empty: go on. */
  openDefects: z.array(Defect).default(() => []),
  /** Every defect so far with the attempt that had it: what authors are shown. */
  history: new ReducedValue(
    z.array(z.strictObject({ attempt: z.int(), defect: Defect })).default(() => []),
    { reducer: (kept: PastDefect[], added: PastDefect[]) => [...kept, ...added] },
  ),
  results,
});

export interface PastDefect {
  attempt: number;
  defect: Defect;
}
export const TaskOutput = new StateSchema({ results });

export type SmithValues = typeof SmithState.State;
export type TaskValues = typeof TaskState.State;
export type TaskUpdate = typeof TaskState.Update;
export type SmithUpdate = typeof SmithState.Update;
