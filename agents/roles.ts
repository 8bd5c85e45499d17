import { z } from "zod";
import { EditedField, Manifest } from "../task/manifest.ts";
import { MetricName } from "../task/metrics/catalogue.ts";
import { Objective, Specification } from "../task/specification.ts";

/**
 * What the four roles hand to each other. Each role has two players, a language model and built-in rules,
 * with one output schema; verification trusts neither.
 */

/** One formulation by the Brainstormer. */
export const Candidate = z.strictObject({
  /** Distinct within the dataset: `<view>-<target>-<objective>` in kebab case. */
  id: z.string(),
  title: z.string(),
  question: z.string(),
  view: z.string(),
  objective: Objective.or(z.literal("other")),
  /** Target columns of the view (several for multi-label). */
  target: z.array(z.string()).min(1),
  metric: MetricName.or(z.literal("custom")),
  /** How the data is used: columns withheld and why, how it is split, files. */
  dataUse: z.string(),
  /** Why somebody would ask this, and what was measured that makes it feasible. */
  rationale: z.string(),
  /** Fields that a person changed after the Brainstormer; absent where nobody did. */
  edited: z.array(EditedField).min(1).optional(),
});
export type Candidate = z.infer<typeof Candidate>;

const told = Manifest.shape;

/** Free code, wherever the vocabulary ends, and what the manifest says that only its author knows. */
export const CodeDesign = z.strictObject({
  title: told.title,
  question: told.question,
  objective: told.objective,
  modality: told.modality,
  category: told.category,
  target: told.target,
  submission: told.submission.omit({ id: true }),
  auxiliary: told.auxiliary,
  metric: told.metric.omit({ parameters: true }),
  split: told.split.omit({ seed: true, sizes: true }),
  media: told.media,
  prepare: z.string(),
  metricCode: z.string(),
  description: z.string(),
});
export type CodeDesign = z.infer<typeof CodeDesign>;

/** The Designer's task: in our vocabulary, or as code. */
export const Design = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("specification"), specification: Specification }),
  z.strictObject({ kind: z.literal("code"), code: CodeDesign }),
]);
export type Design = z.infer<typeof Design>;

/** Ten rubric items, 0 to 5; null = not assessed (rules score only what was measured). */
export const Review = z.strictObject({
  scores: z.array(
    z.strictObject({
      item: z.enum([
        "clarity",
        "completeness",
        "metric",
        "realism",
        "no_shortcut",
        "sufficiency",
        "distinctness",
        "harmless",
      ]),
      score: z.int().min(0).max(5).nullable(),
      reason: z.string(),
    }),
  ),
  objections: z.array(
    z.strictObject({
      severity: z.enum(["major", "minor"]),
      blame: z.enum(["refactor", "designer", "brainstormer"]),
      message: z.string(),
      /** Exact quotation from the package or from the checks' evidence; discarded when it is not found there. */
      quote: z.string(),
    }),
  ),
  /** What was said without evidence and left out: objections, and scores below what passes. */
  discarded: z.strictObject({ objections: z.int(), scores: z.int() }).optional(),
});
export type Review = z.infer<typeof Review>;
