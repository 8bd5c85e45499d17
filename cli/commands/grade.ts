import { resolve } from "node:path";
import { Command } from "commander";
import { json } from "../terminal.ts";

/** `mle-smith grade`: the score of a submission, by the task's own metric, in the sandbox. */
export function gradeCommand(): Command {
  return new Command("grade")
    .description("score a submission by the task's own metric")
    .argument("<task>", "folder of a task package")
    .argument("<submission>", "CSV file with the columns of sample_submission.csv")
    .option("--json", "print one JSON document on stdout")
    .addHelpText(
      "after",
      "\nExample:\n  $ mle-smith grade smith-out/tasks/penguins-species-1a2b3c4d submission.csv",
    )
    .action(async (task: string, submission: string, flags: { json?: boolean }) => {
      const [{ gradeOne }, { withServices }] = await Promise.all([
        import("../../task/grade.ts"),
        import("../with-services.ts"),
      ]);
      const graded = await withServices((services) => gradeOne(resolve(task), resolve(submission), services));
      process.stdout.write(flags.json ? json(graded) : `${graded.score}\n`);
    });
}
