import { z } from "zod";
import { MetricName } from "../task/metrics/catalogue.ts";
import { Objective } from "../task/specification.ts";

/** What a caller asks of one run; all else is the configuration of whoever runs the graph. */
export const RunInput = z
  .strictObject({
    dataset: z.string().min(1).max(1024).meta({
      title: "Dataset",
      description:
        "Folder, file or archive of raw data. On a server: a path inside its data folders, e.g. `penguins` or `uploads/sales.zip`.",
    }),
    author: z.string().min(1).max(200).default("rules").meta({
      title: "Author",
      description: "Who plays the roles: `rules` (no key, no cost), or a model that the server allows.",
    }),
    tasks: z
      .int()
      .min(1)
      .max(10)
      .default(3)
      .meta({ title: "Tasks", description: "Candidates that are tried, at most." }),
    seed: z
      .int()
      .min(0)
      .max(2_147_483_647)
      .default(0)
      .meta({ title: "Seed", description: "Seeds splits, sample submissions and learners." }),
    maxCost: z.number().positive().nullable().default(null).meta({
      title: "Budget",
      description: "US dollars that models may cost in this run; null: no bound beside the server's.",
    }),
    timeLimit: z.number().positive().nullable().default(null).meta({
      title: "Time limit",
      description: "Seconds that this run may work; null: no bound beside the server's.",
    }),
    license: z.string().min(1).max(200).nullable().default(null).meta({
      title: "Licence",
      description: "Licence of the data as you state it, e.g. `CC-BY-4.0`; null: only what the data say.",
    }),
    approveCandidates: z.boolean().default(false).meta({
      title: "Ask about candidates",
      description: "Wait for a person after the Brainstormer, who keeps, drops or edits each candidate.",
    }),
    approveTasks: z.boolean().default(false).meta({
      title: "Ask before publishing",
      description: "Wait for a person who approves each verified task, rejects it or sends it back.",
    }),
    noValues: z.boolean().default(false).meta({
      title: "No values",
      description: "Send a model statistics and names only: no values, no text of the data.",
    }),
  })
  .meta({ title: "A dataset to tasks", description: "Turns raw data into verified tasks." });
export type RunInput = z.infer<typeof RunInput>;

/** One candidate as a person formulates it; what is left open is decided as the rules would. */
export const Formulation = z.strictObject({
  target: z
    .string()
    .min(1)
    .max(200)
    .meta({ title: "Target", description: "Column that is to be predicted, by its name in the data." }),
  table: z.string().min(1).max(200).nullable().default(null).meta({
    title: "Table",
    description: "Table (view of the survey) that holds it; null: the first that does.",
  }),
  objective: Objective.nullable().default(null).meta({
    title: "Objective",
    description: "What kind of prediction; null: what the column's values suggest.",
  }),
  metric: MetricName.nullable().default(null).meta({
    title: "Metric",
    description: "How submissions are scored; null: the usual metric of the objective.",
  }),
});
export type Formulation = z.infer<typeof Formulation>;

/** What a caller of the graph of one candidate asks. */
export const TaskInput = z
  .strictObject({
    ...RunInput.omit({ tasks: true }).shape,
    ...Formulation.shape,
  })
  .meta({ title: "One candidate", description: "Designs and verifies one task that you formulate." });
export type TaskInput = z.infer<typeof TaskInput>;

/** What was asked of the run, among the other fields of a state. */
export function inputOf(state: RunInput): RunInput {
  const { dataset, author, tasks, seed, maxCost, timeLimit, license, noValues } = state;
  const { approveCandidates, approveTasks } = state;
  return {
    dataset,
    author,
    tasks,
    seed,
    maxCost,
    timeLimit,
    license,
    approveCandidates,
    approveTasks,
    noValues,
  };
}
