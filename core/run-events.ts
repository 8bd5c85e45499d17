import { z } from "zod";
import { TokenUsage } from "./prices.ts";

/**
 * What happened in a run: one vocabulary for `events.jsonl`, for the progress that a terminal shows, and for the `custom` stream
 * of a server. A test holds every event of real runs to it.
 */

const about = {
  time: z.iso.datetime().describe("When it was recorded, UTC."),
  run: z.string().optional().describe("The run; on a server the same for the same input on the same thread."),
  dataset: z.string().describe("The dataset, as the caller named it."),
};
const candidate = { candidate: z.string().describe("Id of the candidate.") };
const attempt = z.int().positive().describe("Attempt at this candidate, from 1.");
const stage = {
  ...about,
  candidate: candidate.candidate.optional(),
  attempt: attempt.optional(),
  stage: z
    .enum([
      "survey",
      "brainstorm",
      "formulate",
      "design",
      "refactor",
      "assertions",
      "review",
      "execution",
      "publish",
    ])
    .describe("Name of the node."),
};
const asked = z.enum(["approve_candidates", "approve_task"]).describe("What about.");
const seconds = z.number().nonnegative().describe("Seconds that it took.");
const status = z
  .enum(["accepted", "nothing_accepted", "refused", "bad_input", "failed", "stopped"])
  .describe("How the dataset ended.");
const wholeRun = { time: about.time, run: z.string() };

const list = [
  event("stage_started", "A node begins.", stage),
  event("stage_finished", "A node has ended.", { ...stage, seconds }),
  event("stage_failed", "A node ended with an error, or was stopped.", { ...stage, seconds }),
  event("survey_done", "The dataset is measured.", {
    ...about,
    views: z.int().nonnegative().describe("Tables that questions can be asked of."),
    refusal: z
      .strictObject({ reason: z.string(), help: z.string() })
      .nullable()
      .describe("Why no task can be made, and what would help; null: one can."),
  }),
  event("candidate_proposed", "An idea is about to be tried.", {
    ...about,
    ...candidate,
    number: z.int().positive().describe("Which of them, from 1."),
    of: z.int().positive().describe("Candidates so far."),
    title: z.string(),
    objective: z.string(),
    metric: z.string(),
  }),
  event("defects_found", "A check sends the task back.", {
    ...about,
    ...candidate,
    attempt,
    blame: z
      .enum(["brainstormer", "designer", "refactor", "infrastructure"])
      .optional()
      .describe("Who mends it."),
    summary: z.string().describe("Checks and messages in one line."),
    defects: z.array(z.unknown()).describe("The defects with their evidence."),
  }),
  event("ladder_step", "A reference solver has its score.", {
    ...about,
    ...candidate,
    step: z.string().describe("Its name, weakest first."),
    score: z.number().nullable().describe("By the task's metric; null: it failed."),
  }),
  event("job_measured", "What the parts of a verification's job cost.", {
    ...about,
    ...candidate,
    parts: z.record(z.string(), z.number()).describe("Seconds by check, or by what several checks judge."),
  }),
  event("agent_step", "A coding agent took an action in the task's environment.", {
    ...about,
    ...candidate,
    action: z.string(),
    status: z.enum(["SUCCESS", "FAILED"]),
    score: z.number().nullable().describe("Of a submission that was scored."),
    note: z.string().describe("What came of it, on one line."),
  }),
  event("person_asked", "Command line: a person at the terminal is asked, and the run waits.", {
    ...about,
    candidate: candidate.candidate.optional(),
    asked,
    error: z.string().optional().describe("Why the last answer was not taken."),
  }),
  event("person_answered", "A person's answer was taken.", {
    ...about,
    candidate: candidate.candidate.optional(),
    asked,
    kept: z.array(z.string()).optional().describe("Candidates that become tasks."),
    dropped: z.array(z.string()).optional().describe("Candidates that do not."),
    edited: z
      .array(z.strictObject({ id: z.string(), fields: z.array(z.string()) }))
      .optional()
      .describe("Candidates that were changed, with the fields."),
    task: z.string().optional().describe("Id of the task."),
    decision: z.enum(["approve", "reject", "send_back"]).optional(),
    words: z.string().optional().describe("Reason or remark."),
  }),
  event("task_published", "A task is accepted and in its place.", {
    ...about,
    ...candidate,
    id: z.string(),
    path: z.string().describe("Folder of the package."),
    title: z.string(),
  }),
  event("candidate_rejected", "A candidate is given up.", {
    ...about,
    ...candidate,
    title: z.string(),
    reason: z.string(),
    attempts: z.strictObject({ designer: z.int(), refactor: z.int() }),
  }),
  event("model_disclosure", "What will leave the machine, before it does.", {
    ...about,
    dataset: about.dataset.optional(),
    message: z.string(),
  }),
  event("model_call", "A model was asked.", {
    ...about,
    candidate: candidate.candidate.optional(),
    role: z.string(),
    model: z.string(),
    attempt: z.int().positive().describe("1 for the first try of a request."),
    outcome: z.enum(["answered", "recorded", "failed"]),
    reason: z.string().optional().describe("Why it failed."),
    tokens: TokenUsage,
    cost: z.number().nullable().describe("US dollars; null without a price."),
    spent: z.number().describe("US dollars of the run so far."),
    milliseconds: z.number(),
  }),
  event("tool_call", "A model looked into the data.", {
    ...about,
    candidate: candidate.candidate.optional(),
    tool: z.string(),
    ok: z.boolean(),
    characters: z.int().describe("Length of what it was told."),
  }),
  event("run_started", "Command line: a run begins.", {
    ...wholeRun,
    datasets: z.array(z.string()),
    model: z.string(),
  }),
  event("run_resumed", "Command line: a run goes on.", {
    ...wholeRun,
    datasets: z.array(z.string()),
    model: z.string(),
  }),
  event("dataset_finished", "Command line: a dataset has ended.", {
    ...about,
    status,
    reason: z.string().optional(),
    tasks: z.int().nonnegative(),
  }),
  event("run_finished", "Command line: a run has ended.", {
    ...wholeRun,
    accepted: z.int().nonnegative(),
    seconds,
    cost: z.number(),
  }),
] as const;

/** One event of a run. */
export const StreamedEvent = z.discriminatedUnion("event", list);
export type StreamedEvent = z.infer<typeof StreamedEvent>;

/** Every event with its meaning and its fields, for the page of documentation. */
export const eventSchemas: readonly z.ZodObject[] = list;

function event<Name extends string, Shape extends z.ZodRawShape>(name: Name, meaning: string, shape: Shape) {
  return z.strictObject({ event: z.literal(name), ...shape }).describe(meaning);
}
