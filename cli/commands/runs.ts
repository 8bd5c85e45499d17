import { Command } from "commander";
import { BadInputError } from "../../core/errors.ts";
import { json, plain } from "../terminal.ts";

interface Flags {
  out: string;
  json?: boolean;
}

/** `mle-smith runs`: looks at what earlier runs came to. */
export function runsCommand(): Command {
  return new Command("runs")
    .description("look at earlier runs: what they came to, where the time went, their report")
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(openCommand());
}

function listCommand(): Command {
  return common(new Command("list").description("all runs of an output folder, newest first"))
    .addHelpText(
      "after",
      `
States: finished; stopped (by a budget, an interrupt or a failure) and resumable (ended without a word, as by kill -9): both go on
with generate --resume; running; damaged: the record cannot be read, and the line below says why.

Examples:
  $ mle-smith runs list
  $ mle-smith runs list --out /data/smith-out --json | jq '.[] | select(.state != "finished") | .run'`,
    )
    .action(async (flags: Flags) => {
      const [{ readRuns }, { printList }] = await Promise.all([
        import("../runs/past-run.ts"),
        import("../runs/print.ts"),
      ]);
      const runs = await readRuns(flags.out);
      if (!flags.json) return printList(runs, process.stdout);
      const rows = runs.map(({ run, folder, state, started, summary, report, problem }) => ({
        run,
        folder,
        state,
        started,
        datasets: summary.datasets.map(({ path }) => path),
        candidates: summary.funnel.candidates,
        accepted: summary.funnel.accepted,
        rejected: summary.funnel.rejected,
        cost: summary.cost,
        seconds: summary.seconds,
        report,
        problem: problem ?? null,
      }));
      process.stdout.write(json(rows));
    });
}

function showCommand(): Command {
  return common(
    new Command("show").description(
      "one run: funnel, tasks, rejections with their reasons, where the time went",
    ),
  )
    .argument("[run]", "id, the beginning of an id, or folder (default: the newest run)")
    .addHelpText(
      "after",
      `
Examples:
  $ mle-smith runs show
  $ mle-smith runs show 2026-01-31-1015
  $ mle-smith runs show smith-out/runs/2026-01-31-101500-a1b2c3 --json | jq .summary.funnel`,
    )
    .action(async (wanted: string | undefined, flags: Flags) => {
      const [{ findRun }, { printRun }] = await Promise.all([
        import("../runs/past-run.ts"),
        import("../runs/print.ts"),
      ]);
      const { events, ...run } = await findRun(flags.out, wanted);
      if (flags.json) process.stdout.write(json({ ...run, problem: run.problem ?? null }));
      else printRun({ events, ...run }, process.stdout);
    });
}

function openCommand(): Command {
  return common(
    new Command("open").description("print the path of a run's report, and show it where there is a desktop"),
  )
    .argument("[run]", "id, the beginning of an id, or folder (default: the newest run)")
    .addHelpText(
      "after",
      `
Examples:
  $ mle-smith runs open
  $ scp "host:$(ssh host mle-smith runs open 2026-01-31-101500-a1b2c3)" .`,
    )
    .action(async (wanted: string | undefined, flags: Flags) => {
      const [{ findRun }, { desktopOpener, openWith }] = await Promise.all([
        import("../runs/past-run.ts"),
        import("../runs/open-report.ts"),
      ]);
      const { run, state, report } = await findRun(flags.out, wanted);
      if (report === null)
        throw new BadInputError(`the run ${run} (${state}) has no report: one is written at its end`, {
          hint: `mle-smith runs show ${run} tells what is known; generate --resume ${run} goes on with it`,
        });
      const opener = desktopOpener(process.env);
      const opened = opener === undefined ? false : await openWith(opener, report);
      if (flags.json) process.stdout.write(json({ run, report, opened }));
      else process.stdout.write(`${plain(report, 4000)}\n`);
    });
}

function common(command: Command): Command {
  return command
    .option("--out <dir>", "folder that `generate --out` wrote to", "smith-out")
    .option("--json", "print one JSON document on stdout");
}
