import { Command, CommanderError } from "commander";
import { describeError, SmithError } from "../core/errors.ts";
import { lastSpansMs, startTracing, type TraceExport } from "../core/tracing/start.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { generateCommand } from "./commands/generate.ts";
import { gradeCommand } from "./commands/grade.ts";
import { queueCommand } from "./commands/queue.ts";
import { runnerCommand } from "./commands/runner.ts";
import { runsCommand } from "./commands/runs.ts";
import { surveyCommand } from "./commands/survey.ts";
import { verifyCommand } from "./commands/verify.ts";
import { interruption } from "./interruption.ts";
import { paint, plain } from "./terminal.ts";

/** The commands, for running and for the generated command reference. */
export function createProgram(): Command {
  return new Command("mle-smith")
    .description("Turns raw datasets into verified, competition-style machine-learning-engineering tasks.")
    .version("0.1.0")
    .addCommand(generateCommand())
    .addCommand(verifyCommand())
    .addCommand(gradeCommand())
    .addCommand(surveyCommand())
    .addCommand(runsCommand())
    .addCommand(runnerCommand())
    .addCommand(queueCommand())
    .addCommand(doctorCommand())
    .addHelpText(
      "after",
      `
Exit codes: 0 done; 1 our fault; 2 bad usage or bad input; 3 nothing could be accepted; 4 a budget ended it; 130 interrupted.

Examples:
  $ mle-smith generate ./housing.csv
  $ mle-smith generate data/*.zip --model gpt-5-mini --max-cost 2
  $ mle-smith verify smith-out/tasks/housing-median-house-value-1a2b3c4d
  $ mle-smith grade smith-out/tasks/housing-median-house-value-1a2b3c4d submission.csv
  $ mle-smith doctor`,
    );
}

/** Parses the command line, runs the command and sets the exit code; errors end as one clear message. */
export async function main(argv: string[]): Promise<void> {
  const program = createProgram();
  for (const command of [
    program,
    ...program.commands,
    ...program.commands.flatMap(({ commands }) => commands),
  ])
    command.exitOverride().showHelpAfterError("(add --help for the options)");
  interruption.install();
  let spans: TraceExport | undefined;
  program.hook("preAction", async (_program, command) => {
    spans = await startTracing(process.env, command.name() === "runner" ? "mle-smith-runner" : "mle-smith");
  });
  try {
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = report(error);
  } finally {
    interruption.uninstall();
    await endTracing(spans);
  }
}

/** Sends the last spans. An endpoint that does not take them costs two seconds and a line, never the command's own end. */
async function endTracing(spans: TraceExport | undefined): Promise<void> {
  if (spans === undefined) return;
  const { lost, reason } = await spans.close(lastSpansMs);
  if (lost === 0) return;
  process.stderr.write(`${lost} spans did not reach the OTLP endpoint: ${plain(reason, 200)}\n`);
  // Its client would try again for seconds, and hold the process.
  process.stdout.write("", () => process.exit());
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (isFullDisk(error)) {
    process.stderr.write(
      `${paint(process.stderr, "red", "error:")} the disk is full: ${plain(describeError(error), 500)}\n${paint(process.stderr, "dim", "hint:")} free some space, then go on with --resume\n`,
    );
    return 1;
  }
  const known = error instanceof SmithError;
  process.stderr.write(`${paint(process.stderr, "red", "error:")} ${plain(describeError(error), 2000)}\n`);
  if (known && error.hint)
    process.stderr.write(`${paint(process.stderr, "dim", "hint:")} ${plain(error.hint, 1000)}\n`);
  if (!known && process.env.MLE_SMITH_DEBUG && error instanceof Error)
    process.stderr.write(`${error.stack ?? ""}\n`);
  return known ? error.exitCode : 1;
}

function isFullDisk(error: unknown): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    (error.code === "ENOSPC" || error.code === "EDQUOT" || error.code === "SQLITE_FULL")
  );
}
