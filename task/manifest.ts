import { z } from "zod";
import { Objective } from "./specification.ts";

/** What a person may change of a candidate before it is designed. */
export const EditedField = z.enum([
  "title",
  "question",
  "view",
  "target",
  "objective",
  "metric",
  "dataUse",
  "rationale",
]);
export type EditedField = z.infer<typeof EditedField>;

/** Fields of the idea that a person changed; absent where nobody did. */
const edited = z.array(EditedField).min(1).optional();

/** `task.json`: all that a reader, `verify` and `grade` need to know of a package. Times and costs live in the run's record. */
export const Manifest = z.strictObject({
  schema: z.literal("mle-smith/task@1"),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{2,99}$/),
  title: z.string(),
  /** One or two sentences: what is asked. */
  question: z.string(),
  objective: z.union([Objective, z.literal("other")]),
  modality: z.string(),
  category: z.string(),
  target: z.strictObject({
    /** Columns of `train.csv` and `test_answer.csv` that hold the truth. */
    columns: z.array(z.string()).min(1),
    kind: z.enum(["number", "count", "category", "ordinal", "multilabel", "relevance", "survival", "other"]),
    labels: z.array(z.string()).nullable(),
    unit: z.string().nullable(),
    meaning: z.string(),
  }),
  submission: z.strictObject({
    /** Always the first column of test, sample submission and answers. */
    id: z.string(),
    columns: z.array(z.string()).min(1),
    kind: z.enum(["label", "score", "probabilities", "value", "labels", "scores", "other"]),
  }),
  /** Columns of the answers that a submission lacks (event indicator, query id, scale of a series). */
  auxiliary: z.array(z.string()),
  metric: z.strictObject({
    /** A name of the catalogue, or `custom`. */
    name: z.string(),
    title: z.string(),
    direction: z.enum(["maximize", "minimize"]),
    parameters: z.record(z.string(), z.union([z.number(), z.string()])),
    best: z.number(),
    /** Value without skill where a constant prediction has none defined, else null. */
    noSkill: z.number().nullable(),
  }),
  split: z.strictObject({
    strategy: z.enum(["random", "stratified", "group", "time", "published", "other"]),
    seed: z.int(),
    sizes: z.strictObject({ train: z.int(), test: z.int() }),
    /** Columns whose values never stand on both sides; they are in train and test unless `private/units.csv` says otherwise. */
    groups: z.array(z.string()),
    time: z.string().nullable(),
    series: z.array(z.string()),
  }),
  /** Files that rows name: the column of train and test, e.g. `file`, and the kind. */
  media: z.strictObject({ column: z.string(), kind: z.enum(["image", "audio", "series"]) }).nullable(),
  /** Feature columns of test.csv in order, with the type an author gave them. */
  features: z.array(z.strictObject({ column: z.string(), type: z.string() })),
  /** What a solver is allowed on the reference runtime. */
  budget: z.strictObject({ seconds: z.int(), memoryMb: z.int(), cpus: z.int() }),
  runtime: z.strictObject({ python: z.string(), requirements: z.array(z.string()) }),
  files: z.array(z.strictObject({ path: z.string(), bytes: z.int(), sha256: z.string() })),
  lineage: z.strictObject({
    dataset: z.string(),
    fingerprint: z.string(),
    source: z.string().nullable(),
    licence: z.string().nullable(),
    redistributable: z.enum(["yes", "no", "unknown"]),
  }),
  author: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("rules"), version: z.string(), edited }),
    z.strictObject({ kind: z.literal("hand") }),
    z.strictObject({
      kind: z.literal("model"),
      models: z.record(z.string(), z.string()),
      prompts: z.record(z.string(), z.string()),
      edited,
    }),
  ]),
});
export type Manifest = z.infer<typeof Manifest>;
