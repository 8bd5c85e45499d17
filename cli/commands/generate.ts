import { Command, Option } from "commander";
import { type Configuration, loadConfiguration } from "../../core/configuration.ts";
import { BadInputError } from "../../core/errors.ts";
import { interruption } from "../interruption.ts";
import { addNatsOptions, type NatsFlags, natsSettings } from "../nats-options.ts";
import { decimal, whole } from "../numbers.ts";
import { TerminalPerson } from "../people/terminal-person.ts";
import { Progress } from "../progress.ts";
import { createRun, type RunFolder, reopenRun } from "../run-folder.ts";
import type { Summary } from "../summary.ts";
import { json, paint, plain } from "../terminal.ts";

interface Flags extends NatsFlags {
  out: string;
  model?: string;
  tasks?: number;
  seed?: number;
  workers?: number;
  engine?: string;
  maxCost?: number;
  timeLimit?: number;
  values: boolean;
  license?: string;
  interactive?: boolean;
  resume?: string;
  json?: boolean;
  config?: string;
  set: string[];
}

/** `mle-smith generate`: datasets in, verified tasks out. */
export function generateCommand(): Command {
  const command = new Command("generate")
    .description("make verified tasks of raw datasets (folders, files or archives)")
    .argument("[dataset...]", "folders, files or archives of raw data")
    .option("--out <dir>", "where datasets/, tasks/ and runs/ are written", "smith-out")
    .option(
      "--model <name>",
      "a model behind OPENAI_BASE_URL plays the roles; `rules` needs no key (default: rules)",
    )
    .option("--tasks <n>", "candidates per dataset, at most (default: 3)", whole)
    .option("--seed <n>", "seed of splits and learners (default: 0)", whole)
    .option("--workers <n>", "sandboxes at once (default: one per core)", whole)
    .addOption(
      new Option("--engine <name>", "what runs jobs (default: auto)").choices([
        "auto",
        "docker",
        "bubblewrap",
      ]),
    )
    .option("--max-cost <usd>", "dollars that models may cost; needs a configured price", decimal)
    .option("--time-limit <s>", "seconds that the run may take", decimal)
    .option("--no-values", "send statistics and names only to a model, no values of the data")
    .option("--license <name>", "licence of the data, as you know it");
  addNatsOptions(command, "send jobs to runners through this NATS server (default: run them here)");
  return command
    .option("--interactive", "ask you which candidates become tasks, and before each task is published")
    .option("--no-interactive", "ask nobody, though the configuration or the resumed run says so")
    .option("--resume <run>", "go on with an earlier run (id or folder)")
    .option("--json", "print one JSON document on stdout")
    .option("-c, --config <file>", "configuration file (YAML or JSON)")
    .addOption(
      new Option("--set <a.b=c>", "set one field of the configuration; may be repeated")
        .argParser((value: string, all: string[]) => [...all, value])
        .default([], "none"),
    )
    .addHelpText(
      "after",
      `
Examples:
  $ mle-smith generate examples/penguins --tasks 2
  $ mle-smith generate data/ --model gpt-5-mini --max-cost 2 --set prices.gpt-5-mini.input=0.25 --set prices.gpt-5-mini.output=2
  $ mle-smith generate a.csv b.zip --json > run.json
  $ mle-smith generate data/*.zip --nats tls://queue.example.org:4222 --creds producer.creds --tls-ca ca.pem
  $ mle-smith generate houses.csv --interactive --set approve.candidates=false   # only before a task is published
  $ mle-smith generate --resume 2026-01-31-101500-a1b2c3`,
    )
    .action(async (datasets: string[], flags: Flags) => {
      const run = flags.resume === undefined ? newRun(datasets, flags) : resumed(datasets, flags);
      // Loaded when needed: help and refusals of bad usage come at once.
      const { runGenerate } = await import("../generate.ts");
      const { exitCodeOf } = await import("../outcomes.ts");
      const { configuration } = run.request;
      const progress = new Progress(run.request.datasets.length, { timeLimit: configuration.timeLimit });
      if (configuration.model === "rules" && Object.keys(configuration.models).length === 0) {
        process.stderr.write(
          "Built-in rules play all roles. To have a model play: --model NAME with OPENAI_API_KEY (and OPENAI_BASE_URL) set.\n",
        );
      }
      const person = new TerminalPerson(
        { input: process.stdin, output: process.stderr, interrupt: interruption.interrupt },
        progress,
      );
      let summary: Summary;
      try {
        summary = await runGenerate(run, {
          listener: progress.listener,
          signal: interruption.signal,
          person,
        });
      } finally {
        progress.end();
      }
      if (flags.json) process.stdout.write(json(summary));
      else printSummary(summary, run);
      process.exitCode = exitCodeOf(
        summary,
        interruption.signal.aborted ? interruption.signal.reason : undefined,
      );
    });
}

function newRun(datasets: string[], flags: Flags): RunFolder {
  if (datasets.length === 0)
    throw new BadInputError("no dataset given", { hint: "mle-smith generate <folder, file or archive>" });
  const configuration = loadConfiguration({
    ...(flags.config === undefined ? {} : { file: flags.config }),
    environment: process.env,
    flags: {
      model: flags.model,
      tasks: flags.tasks,
      seed: flags.seed,
      workers: flags.workers,
      engine: flags.engine,
      maxCost: flags.maxCost,
      timeLimit: flags.timeLimit,
      license: flags.license,
      noValues: flags.values ? undefined : true,
      approve: approvals(flags),
      nats: natsSettings(flags),
    },
    set: flags.set,
  });
  requireTerminal(configuration);
  return createRun(flags.out, datasets, configuration);
}

function resumed(datasets: string[], flags: Flags): RunFolder {
  if (datasets.length > 0)
    throw new BadInputError("--resume takes no datasets: a run knows its own", {
      hint: "leave the datasets away",
    });
  const run = reopenRun(flags.out, flags.resume ?? "");
  // Budgets may be raised when a run that one of them ended is resumed, and jobs may go elsewhere: neither changes a task.
  const { maxCost, timeLimit } = flags;
  const nats = natsSettings(flags);
  // Nor does it when people are asked, or not any more: what they answer does, and is kept.
  const approve = approvals(flags);
  const configuration = {
    ...run.request.configuration,
    ...(approve === undefined ? {} : { approve }),
    ...(maxCost === undefined ? {} : { maxCost }),
    ...(timeLimit === undefined ? {} : { timeLimit }),
    ...(nats === undefined ? {} : { nats: { ...run.request.configuration.nats, ...nats } }),
  };
  requireTerminal(configuration);
  return { ...run, request: { ...run.request, configuration } };
}

/** Both points at which a person may be asked; undefined where the flags say nothing. */
function approvals({ interactive }: Flags): Configuration["approve"] | undefined {
  return interactive === undefined ? undefined : { candidates: interactive, tasks: interactive };
}

/** Questions need somebody to read and answer them: answers through a pipe would be given before their questions. */
function requireTerminal({ approve }: Configuration): void {
  if (!(approve.candidates || approve.tasks) || (process.stdin.isTTY && process.stderr.isTTY)) return;
  throw new BadInputError("a person is to be asked, and this is no terminal (stdin and stderr must be one)", {
    hint: "run it in a terminal, or with --no-interactive; programs answer through the API (docs/people.md)",
  });
}

function printSummary(summary: Summary, run: RunFolder): void {
  const out = process.stdout;
  for (const dataset of summary.datasets) {
    for (const task of dataset.tasks) {
      out.write(
        `${paint(out, "green", "accepted")}  ${plain(task.title)}\n          ${plain(task.objective)}, ${task.metric}, ${task.seconds.toFixed(1)} s of work\n          ${plain(task.path, 1000)}\n`,
      );
    }
    if (dataset.tasks.length === 0)
      out.write(
        `${paint(out, "yellow", dataset.status.replaceAll("_", " "))}  ${plain(dataset.path, 1000)}${dataset.reason ? `: ${plain(dataset.reason, 1000)}` : ""}\n`,
      );
    for (const rejected of dataset.rejected) {
      out.write(`${paint(out, "red", "rejected")}  ${plain(rejected.title)}\n`);
      for (const defect of rejected.defects)
        out.write(`          ${defect.check}: ${plain(defect.message, 400)}\n`);
    }
  }
  const { funnel } = summary;
  const checks = Object.entries(funnel.rejectionsByCheck).map(([check, count]) => `${check} ${count}`);
  out.write(
    `\n${funnel.datasets} datasets → ${funnel.candidates} candidates → ${funnel.accepted} tasks accepted, ${funnel.rejected} rejected${checks.length > 0 ? ` (${checks.join(", ")})` : ""}\n`,
  );
  out.write(
    `${summary.seconds.toFixed(1)} s${summary.cost > 0 ? `, $${summary.cost.toFixed(4)}` : ""}; report: ${run.folder}/report.html\n`,
  );
}
