import { z } from "zod";
import { Modality, View } from "../dataset/survey.ts";
import { MetricName } from "./metrics/catalogue.ts";

/**
 * A task in our vocabulary: what the Designer writes and the compiler turns into `prepare.py`, `metric.py`
 * and `description.md`. Column names are those of the view.
 */

export const Objective = z.enum([
  "binary_classification",
  "multiclass_classification",
  "ordinal_classification",
  "multilabel_classification",
  "regression",
  "forecasting",
  "rating_prediction",
  "ranking",
  "survival",
]);
export type Objective = z.infer<typeof Objective>;

/** How the target column is made from the view; always deterministic, never a heuristic label. */
export const TargetExpression = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("column"), column: z.string() }),
  /** One target column per view column (multi-label: 0, 1 or missing). */
  z.strictObject({ kind: z.literal("columns"), columns: z.array(z.string()).min(2) }),
  /** Values renamed or merged; values not in the mapping are dropped with their rows. */
  z.strictObject({ kind: z.literal("map"), column: z.string(), mapping: z.record(z.string(), z.string()) }),
  /** `yes` where the column is above the threshold, else `no`. */
  z.strictObject({ kind: z.literal("threshold"), column: z.string(), above: z.number() }),
  z.strictObject({ kind: z.literal("difference"), left: z.string(), right: z.string() }),
  z.strictObject({ kind: z.literal("ratio"), left: z.string(), right: z.string() }),
]);

export const Target = z.strictObject({
  expression: TargetExpression,
  /** Name of the target column in the package (multi-label: the column names are used as they are). */
  name: z.string().min(1),
  kind: z.enum(["number", "count", "category", "ordinal", "multilabel", "relevance", "survival"]),
  /** What the number is measured in, if known. */
  unit: z.string().nullable(),
  /** For categories: the labels as written in the package; ordinal: in order; binary: the positive one last. */
  labels: z.array(z.string()).nullable(),
  /** Survival: the event column (1 = event, 0 = censored); the expression gives the duration. */
  event: z.string().nullable(),
  /** Meaning of the target in a phrase that fits "Predict …". */
  meaning: z.string(),
});

export const Split = z.strictObject({
  strategy: z.enum(["random", "stratified", "group", "time", "published"]),
  seed: z.int().nonnegative(),
  testShare: z.number().min(0.05).max(0.5),
  /** Group strategy: rows that share these values stay together. */
  groups: z.array(z.string()),
  /** Time strategy: rows are ordered by this column; per series when `series` is not empty. */
  time: z.string().nullable(),
  series: z.array(z.string()),
  published: z
    .strictObject({ column: z.string(), train: z.array(z.string()), test: z.array(z.string()) })
    .nullable(),
});

export const Specification = z.strictObject({
  version: z.literal(1),
  /** Title of the competition, e.g. "Predict the price of a used car". */
  title: z.string().min(8).max(120),
  /** One or two sentences: what is asked. */
  question: z.string().min(20),
  /** One or more paragraphs of Markdown: where the data come from, why the question matters. No filler. */
  background: z.string(),
  objective: Objective,
  modality: Modality,
  /** Field of application, in one or two words, e.g. "health", "housing". */
  category: z.string(),
  view: View,
  target: Target,
  /** Columns of the view that solvers get, in order (media column included when there is one). */
  features: z.array(z.strictObject({ column: z.string(), description: z.string().nullable() })),
  /** Columns that are withheld, and why. */
  dropped: z.array(z.strictObject({ column: z.string(), reason: z.string() })),
  /** Forecasting and time splits: columns that are known in advance and so stay in the test rows; other features are in train only. */
  knownInAdvance: z.array(z.string()).nullable(),
  rows: z.strictObject({
    /** Drop exact duplicates of (features, target) before splitting. */
    deduplicate: z.boolean(),
    /** Keep at most so many rows (seeded sample; whole groups for group splits; the latest for time). */
    limit: z.int().positive().nullable(),
    /** Keep rows whose column has one of these values (as text). */
    where: z.array(z.strictObject({ column: z.string(), in: z.array(z.string()) })),
    /** Values of columns that mean "no value", e.g. {"income": ["-1", "999"]}. */
    missingCodes: z.record(z.string(), z.array(z.string())),
  }),
  split: Split,
  metric: z.strictObject({
    name: MetricName,
    parameters: z.record(z.string(), z.union([z.number(), z.string()])),
  }),
});
export type Specification = z.infer<typeof Specification>;
