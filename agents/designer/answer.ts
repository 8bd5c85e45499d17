import { z } from "zod";
import { MetricName } from "../../task/metrics/catalogue.ts";
import { Objective, Split } from "../../task/specification.ts";

const ColumnNote = z.strictObject({ column: z.string(), text: z.string() });
const ColumnValues = z.strictObject({ column: z.string(), values: z.array(z.string()) });

/** A task in our vocabulary, in the fewest fields: code fills in the rest (see `expandAnswer`). */
export const SpecificationAnswer = z.strictObject({
  kind: z.literal("specification"),
  title: z.string(),
  question: z.string(),
  background: z.string(),
  category: z.string(),
  objective: Objective,
  target: z.strictObject({
    from: z.enum(["column", "columns", "map", "threshold", "difference", "ratio"]),
    columns: z.array(z.string()),
    values: z.array(z.strictObject({ from: z.string(), to: z.string() })),
    above: z.number().nullable(),
    name: z.string(),
    unit: z.string().nullable(),
    labels: z.array(z.string()).nullable(),
    event: z.string().nullable(),
    meaning: z.string(),
  }),
  metric: z.strictObject({
    name: MetricName,
    parameters: z.array(z.strictObject({ name: z.string(), value: z.number() })),
  }),
  withheld: z.array(ColumnNote),
  kept: z.array(z.string()),
  descriptions: z.array(ColumnNote),
  split: z.strictObject({
    strategy: Split.shape.strategy,
    groups: z.array(z.string()),
    time: z.string().nullable(),
    series: z.array(z.string()),
  }),
  known_in_advance: z.array(z.string()).nullable(),
  only_rows: z.array(ColumnValues),
  missing_codes: z.array(ColumnValues),
});
export type SpecificationAnswer = z.infer<typeof SpecificationAnswer>;

/** What the Designer answers: a task, or that it takes code, or that there is none. */
export const DesignerAnswer = z.strictObject({
  task: z.discriminatedUnion("kind", [
    SpecificationAnswer,
    z.strictObject({ kind: z.literal("code"), why: z.string() }),
    z.strictObject({ kind: z.literal("give_up"), why: z.string() }),
  ]),
});
export type DesignerAnswer = z.infer<typeof DesignerAnswer>;
