import { ReducedValue, StateSchema } from "@langchain/langgraph";
import { z } from "zod";
import { Candidate } from "../agents/roles.ts";
import { TreeReference } from "../sandbox/job.ts";
import { Defect } from "../verifiers/defect.ts";
import { CandidateFunnel, Reason } from "./account.ts";
import { Output, StrictInput } from "./forms.ts";
import { Formulation, RunInput, TaskInput } from "./input.ts";

/**
 * State carries references and small facts; artefacts lie in the store by content hash
 * (a megabyte in the state is copied into every checkpoint).
 */

/** A dataset as opened: its raw folder in the store. */
export const DatasetReference = z.strictObject({
  name: z.string(),
  /** Hash of the raw folder; part of a folder's name where its tasks are published. */
  fingerprint: TreeReference.shape.hash,
  raw: TreeReference,
});
export type DatasetReference = z.infer<typeof DatasetReference>;

/** How one candidate ended. */
export const TaskResult = z.strictObject({
  slot: z.int().nonnegative().describe("Place among the candidates, from 0."),
  title: z.string(),
  candidate: z.string().describe("Id of the candidate."),
  objective: z.string(),
  metric: z.string(),
  status: z.enum(["accepted", "rejected"]).describe("The verdict."),
  unsoundIdea: z.boolean().describe("The idea itself is unsound, and another may take its slot."),
  id: z.string().nullable().describe("Accepted: id of the task."),
  path: z.string().nullable().describe("Accepted: folder of the package."),
  approvedByPerson: z.boolean().describe("A person was asked before it was published, and approved."),
  attempts: z.strictObject({ designer: z.int().nonnegative(), refactor: z.int().nonnegative() }),
  defects: z.array(Reason).describe("Every defect on the way, with its evidence."),
});
export type TaskResult = z.infer<typeof TaskResult>;

const results = new ReducedValue(
  z
    .array(TaskResult)
    .default(() => [])
    .meta({ title: "Results", description: "How each candidate ended." }),
  { reducer: (kept: TaskResult[], added: TaskResult[]) => [...kept, ...added] },
);

/** Why no task can be made of a dataset, and what would help; null: one can. */
const refusal = z
  .strictObject({ reason: z.string(), help: z.string() })
  .nullable()
  .default(null)
  .meta({ title: "Refusal", description: "Why no task can be made of the dataset; null: one can." });

const account = {
  funnel: CandidateFunnel.nullable()
    .default(null)
    .meta({ title: "Funnel", description: "Where candidates were lost." }),
  cost: z
    .number()
    .nonnegative()
    .default(0)
    .meta({ title: "Cost", description: "US dollars that models have cost." }),
};

/** What a caller of the whole hands over, and gets back. */
export const SmithInput = new StrictInput(RunInput);
export const SmithOutput = new Output(
  { refusal, results, ...account },
  { title: "Tasks of a dataset", description: "Verified tasks, or the reasons why there are none." },
);

/** The whole: one dataset in, tasks out. */
export const SmithState = new StateSchema({
  ...RunInput.shape,
  opened: DatasetReference.nullable().default(null),
  /** Key of the survey in the store. */
  surveyKey: z.string().nullable().default(null),
  refusal,
  candidates: z.array(Candidate).default(() => []),
  /** Candidates that a person approved, where one is asked. */
  approvedCandidates: z.array(z.string()).default(() => []),
  /** Slots that already had their one replacement idea. */
  replacedSlots: z.array(z.int()).default(() => []),
  results,
  ...account,
});

/** One candidate on its way to a task. */
export const TaskState = new StateSchema({
  ...RunInput.shape,
  opened: DatasetReference,
  surveyKey: z.string(),
  refusal,
  slot: z.int().nonnegative(),
  candidate: Candidate,
  /** Titles of the other candidates of this dataset. */
  siblings: z.array(z.string()).default(() => []),
  /** Keys in the store: the Designer's design; what Refactor made of it; what checks measured. */
  designKey: z.string().nullable().default(null),
  recordsKey: z.string().nullable().default(null),
  reviewKey: z.string().nullable().default(null),
  ladderKey: z.string().nullable().default(null),
  agentKey: z.string().nullable().default(null),
  /** The package as prepared from the draft. */
  packageTree: TreeReference.nullable().default(null),
  attempts: z.strictObject({ designer: z.int(), refactor: z.int() }).default({ designer: 0, refactor: 0 }),
  /** What a person said of the latest attempt, where one is asked. */
  decision: z.enum(["approve", "reject", "send_back"]).nullable().default(null),
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

/** What the whole hands to the graph of one candidate, and gets back. */
export const TaskOutput = new StateSchema({ results });

/** What a person who debugs one design hands over, and gets back. */
export const SingleTaskInput = new StrictInput(TaskInput);
export const SingleTaskOutput = new Output(
  { refusal, results },
  { title: "One task", description: "The verified task, or every reason why there is none." },
);
export const SingleTaskState = new StateSchema({ ...TaskState.fields, ...Formulation.shape });
export type SingleTaskValues = typeof SingleTaskState.State;

export type SmithValues = typeof SmithState.State;
export type TaskValues = typeof TaskState.State;
export type TaskUpdate = typeof TaskState.Update;
export type SmithUpdate = typeof SmithState.Update;
