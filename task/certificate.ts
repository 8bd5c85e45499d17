import { z } from "zod";
import { Step } from "./environment/actions.ts";

/**
 * `certificate.json`: what was checked of an accepted task, and what each check measured. It holds only what is
 * determined by the package and the runtime; times and costs live in the run's record.
 */
export const Certificate = z.strictObject({
  schema: z.literal("mle-smith/certificate@1"),
  /** Id of the task. */
  task: z.string(),
  /** Every check of the three layers, in the order in which they ran. */
  checks: z.array(
    z.strictObject({
      check: z.string(),
      layer: z.enum(["assertions", "review", "execution"]),
      verdict: z.enum(["pass", "defect", "not_applicable"]),
      measured: z.record(z.string(), z.json()),
      /** Threshold and where it comes from; absent where any occurrence is a defect. */
      threshold: z.string().optional(),
      /** Which command measures it again; `none` for a judgement by a reader. */
      repeat: z.enum(["verify", "verify --raw", "verify --model", "none"]).optional(),
      /** What is recorded with an accepted task although it is not perfect. */
      remarks: z.array(
        z.strictObject({
          severity: z.enum(["fatal", "major", "minor"]),
          message: z.string(),
          evidence: z.string(),
        }),
      ),
    }),
  ),
  /** The rubric: null scores were not assessed. */
  review: z
    .strictObject({
      reviewer: z.string(),
      scores: z.array(z.strictObject({ item: z.string(), score: z.number().nullable(), reason: z.string() })),
    })
    .nullable(),
  /** Reference solvers by rising strength, scored with the task's own metric. */
  ladder: z.array(
    z.strictObject({
      name: z.string(),
      method: z.string(),
      score: z.number(),
      /** 95% bootstrap interval, where one was measured. */
      interval: z.tuple([z.number(), z.number()]).nullable(),
    }),
  ),
  /** How a coding agent solved the task in the interactive environment; absent or null where none played. */
  agent: z
    .strictObject({
      /** Name of the model, and SHA-256 of its instructions. */
      agent: z.string(),
      prompt: z.string(),
      /** Actions that it might take. */
      budget: z.int(),
      /** Its own words. */
      approach: z.string(),
      steps: z.array(Step),
    })
    .nullable()
    .optional(),
  /** Kinds of personal data that were found in what is published, e.g. `e-mail addresses in column contact`. */
  personalData: z.array(z.string()),
  /** Whether the answers can be found elsewhere in public. */
  labelsPublic: z.enum(["yes", "no", "unknown"]),
  /** Versions that the measurements depend on: product, Python, packages. */
  versions: z.record(z.string(), z.string()),
});
export type Certificate = z.infer<typeof Certificate>;
