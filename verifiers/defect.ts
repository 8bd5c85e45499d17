import { z } from "zod";

/** Who can mend a defect; the graph's conditional edges follow this word and nothing else. */
export const Blame = z.enum(["refactor", "designer", "brainstormer"]);
export type Blame = z.infer<typeof Blame>;

export const Layer = z.enum(["assertions", "review", "execution"]);

/** One thing wrong with a task. */
export const Defect = z.strictObject({
  /** Id of the check that found it, named for the defect, e.g. `target-copied-in-feature`. */
  check: z.string(),
  layer: Layer,
  /** `fatal` and `major` send the task back; `minor` is recorded with it. */
  severity: z.enum(["fatal", "major", "minor"]),
  blame: Blame,
  /** Tells an author what to change. */
  message: z.string(),
  /** What was measured, with figures, or a quotation from the package. */
  evidence: z.string(),
  /** A repair that rules can apply without a model, e.g. {drop: ["G2"]}. */
  repair: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("drop_features"), columns: z.array(z.string()) }),
      z.strictObject({ kind: z.literal("group_split"), columns: z.array(z.string()) }),
      z.strictObject({ kind: z.literal("deduplicate") }),
      z.strictObject({ kind: z.literal("random_split") }),
    ])
    .nullable(),
});
export type Defect = z.infer<typeof Defect>;

/** What stands as the check of a defect that a person found: no measurement, but a word. */
export const personChecks = {
  dropped: "person-dropped",
  rejected: "person-rejected",
  sentBack: "person-sent-back",
} as const;

/** What a check reports: what it measured always, and defects when there are any. */
export const CheckRecord = z.strictObject({
  check: z.string(),
  layer: Layer,
  /** `not_applicable` says why in `measured.reason`. */
  verdict: z.enum(["pass", "defect", "not_applicable"]),
  measured: z.record(z.string(), z.json()),
  defects: z.array(Defect),
});
export type CheckRecord = z.infer<typeof CheckRecord>;
