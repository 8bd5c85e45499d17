import { z } from "zod";

/**
 * What a run asks a person: the value of an interrupt. Small, and whole enough to be answered without anything else: what
 * is asked, the facts, what may be answered (`answer`, a JSON schema), and what was wrong with the last answer.
 */

const common = {
  /** The question in words, with what each answer leads to. */
  question: z.string(),
  /** Name of the dataset. */
  dataset: z.string(),
  /** JSON schema of the answers that are taken. */
  answer: z.record(z.string(), z.json()),
  /** Why the last answer was not taken; absent the first time. */
  error: z.string().optional(),
};

/** Which candidates become tasks. */
export const CandidatesQuestion = z.strictObject({
  asks: z.literal("approve_candidates"),
  ...common,
  /** Who will design: `rules`, or a model's name. */
  designer: z.string(),
  candidates: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      question: z.string(),
      view: z.string(),
      target: z.array(z.string()),
      objective: z.string(),
      metric: z.string(),
      dataUse: z.string(),
      rationale: z.string(),
    }),
  ),
});
export type CandidatesQuestion = z.infer<typeof CandidatesQuestion>;

/** Whether a verified task is published. */
export const TaskQuestion = z.strictObject({
  asks: z.literal("approve_task"),
  ...common,
  candidate: z.string(),
  task: z.strictObject({
    title: z.string(),
    question: z.string(),
    objective: z.string(),
    target: z.array(z.string()),
    metric: z.strictObject({
      name: z.string(),
      title: z.string(),
      direction: z.enum(["maximize", "minimize"]),
      best: z.number(),
    }),
    split: z.strictObject({
      strategy: z.string(),
      groups: z.array(z.string()),
      time: z.string().nullable(),
      train: z.int(),
      test: z.int(),
    }),
    features: z.int(),
    /** Scores of the reference solvers, weakest first. */
    ladder: z.array(z.strictObject({ name: z.string(), score: z.number() })),
    checksPassed: z.int(),
    /** What checks remarked although they let the task pass. */
    remarks: z.array(z.string()),
  }),
  /** Folder of the package as it would be published, to be read only. */
  preview: z.string(),
  /** Designs that are left; without any, a remark ends the candidate. */
  designsLeft: z.int().nonnegative(),
  /** Where sending back leads: to a new design, or to a rejection with the remark as its reason. */
  sendingBack: z.enum(["design", "reject"]),
});
export type TaskQuestion = z.infer<typeof TaskQuestion>;

export const PersonQuestion = z.discriminatedUnion("asks", [CandidatesQuestion, TaskQuestion]);
export type PersonQuestion = z.infer<typeof PersonQuestion>;
