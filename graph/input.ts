import { z } from "zod";

/** What a caller asks of one run; all else is the configuration of whoever runs the graph. */
export const RunInput = z.strictObject({
  dataset: z
    .string()
    .min(1)
    .max(4096)
    .meta({ title: "Dataset", description: "Folder, file or archive of raw data." }),
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
    description: "US dollars that models may cost in this run; null: no bound of its own.",
  }),
  timeLimit: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .meta({ title: "Time limit", description: "Seconds that this run may work; null: no bound of its own." }),
  license: z.string().min(1).max(200).nullable().default(null).meta({
    title: "Licence",
    description: "Licence of the data as you state it, e.g. `CC-BY-4.0`; never guessed.",
  }),
  noValues: z.boolean().default(false).meta({
    title: "No values",
    description: "Send a model statistics and names only: no values, no text of the data.",
  }),
});
export type RunInput = z.infer<typeof RunInput>;

/** What was asked, among the other fields of a state. */
export function inputOf(state: RunInput): RunInput {
  const { dataset, author, tasks, seed, maxCost, timeLimit, license, noValues } = state;
  return { dataset, author, tasks, seed, maxCost, timeLimit, license, noValues };
}
