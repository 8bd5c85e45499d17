import { z } from "zod";

/** What `request_info` tells, by the names that MLE-Dojo has for it. */
export const InfoType = z.enum([
  "all",
  "name",
  "overview",
  "metadata",
  "data_structure",
  "sample_submission",
  "data_path",
  "output_path",
]);
export type InfoType = z.infer<typeof InfoType>;

const Code = z.string().min(1).max(100_000);

/** An action with its arguments; names and meaning are those of MLE-Dojo's environment. */
export const Action = z.discriminatedUnion("action", [
  z.strictObject({ action: z.literal("request_info"), info_type: InfoType }),
  z.strictObject({ action: z.literal("validate_code"), code: Code }),
  z.strictObject({ action: z.literal("execute_code"), code: Code }),
  z.strictObject({ action: z.literal("get_history") }),
  z.strictObject({ action: z.literal("reset") }),
]);
export type Action = z.infer<typeof Action>;
export type ActionName = Action["action"];

/** What each action does, for whoever offers them: a prompt, a protocol, a page. */
export const ACTION_DESCRIPTIONS: Record<ActionName, string> = {
  request_info:
    "Tells about the task: overview (its description), metadata (metric, limits), data_structure (files), sample_submission (first rows), data_path, output_path, name, or all.",
  validate_code:
    "A dry run: checks the syntax, runs the code as execute_code would, and shows what it printed or the error. Its files are thrown away and nothing is scored.",
  execute_code:
    "Runs the code, takes its submission.csv, and returns what it printed and the score. Files that it leaves in the working directory are there at the next run.",
  get_history: "Lists the actions since the start or the last reset, with their scores.",
  reset: "Empties the working directory and the history. Actions that were used stay used.",
};

/** One action as it went, for records. */
export const Step = z.strictObject({
  action: z.enum(Action.options.map((option) => option.shape.action.value)),
  status: z.enum(["SUCCESS", "FAILED"]),
  /** Of a submission that was scored, by the task's metric. */
  score: z.number().nullable(),
  /** What came of it, on one line. */
  note: z.string().max(300),
});
export type Step = z.infer<typeof Step>;

/** What a solver gets to know of an action. */
export interface Observation {
  status: Step["status"];
  /** Text of bounded length; parts of it are written by the solver's own code or by the task's. */
  feedback: string;
  score: number | null;
  /** The best score since the start or the last reset. */
  best: number | null;
  actionsLeft: number;
}
