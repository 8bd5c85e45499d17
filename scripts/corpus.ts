import { readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { runGenerate } from "../cli/generate.ts";
import { Progress } from "../cli/progress.ts";
import { createRun } from "../cli/run-folder.ts";
import { plain } from "../cli/terminal.ts";
import { loadConfiguration } from "../core/configuration.ts";

/**
 * `npm run corpus -- <folder> [--out DIR] [--only TEXT] [--sample N --seed N]`: every dataset of a folder through
 * `generate` with rules, as a table, with yield, time and memory.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: "string", default: "smith-out/corpus" },
    only: { type: "string" },
    workers: { type: "string" },
    quiet: { type: "boolean" },
  },
});
const folder = positionals[0];
if (folder === undefined) {
  process.stderr.write(
    "usage: npm run corpus -- <folder of datasets> [--out DIR] [--only TEXT] [--workers N] [--quiet]\n",
  );
  process.exit(2);
}
const datasets = readdirSync(folder)
  .sort()
  .filter((name) => !name.startsWith(".") && (values.only === undefined || name.includes(values.only)))
  .map((name) => join(resolve(folder), name));
const configuration = loadConfiguration({
  flags: values.workers === undefined ? {} : { workers: Number(values.workers) },
});
const run = createRun(values.out, datasets, configuration);
const progress = new Progress(datasets.length);
let peak = 0;
const memory = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage().rss);
}, 500);
const summary = await runGenerate(run, {
  ...(values.quiet ? {} : { listener: progress.listener }),
  signal: new AbortController().signal,
});
clearInterval(memory);
progress.end();

const rows = summary.datasets.map((dataset) => [
  basename(dataset.path),
  dataset.status.replaceAll("_", " "),
  String(dataset.tasks.length),
  dataset.tasks.length > 0
    ? dataset.tasks.map((task) => `${task.title} [${task.objective}, ${task.metric}]`).join("; ")
    : plain(
        dataset.rejected
          .map(
            ({ title, defects }) => `${title}: ${[...new Set(defects.map(({ check }) => check))].join(", ")}`,
          )
          .join("; ") ||
          (dataset.reason ?? ""),
        260,
      ),
]);
process.stdout.write("| dataset | outcome | tasks | what |\n| --- | --- | --- | --- |\n");
for (const row of rows)
  process.stdout.write(`| ${row.map((cell) => plain(cell, 400).replaceAll("|", "\\|")).join(" | ")} |\n`);
const { funnel } = summary;
const work = Object.values(funnel.secondsByStage).reduce((sum, seconds) => sum + seconds, 0);
const dearestChecks = () =>
  Object.fromEntries(
    Object.entries(funnel.secondsByCheck)
      .slice(0, 12)
      .map(([name, seconds]) => [
        name,
        `${seconds.toFixed(1)} (${((100 * seconds) / Math.max(work, 1e-3)).toFixed(1)}%)`,
      ]),
  );
process.stdout.write(`
datasets ${funnel.datasets}; with tasks ${funnel.datasetsWithTasks}; refused ${funnel.datasetsRefused}
candidates ${funnel.candidates}; accepted ${funnel.accepted}; rejected ${funnel.rejected}: ${JSON.stringify(funnel.rejectionsByCheck)}
wall ${summary.seconds.toFixed(1)} s; per accepted task ${(summary.seconds / Math.max(1, funnel.accepted)).toFixed(2)} s; peak memory of this process ${(peak / 2 ** 20).toFixed(0)} MB
seconds by stage ${JSON.stringify(funnel.secondsByStage)}
dearest checks, seconds and share of the time of all stages ${JSON.stringify(dearestChecks())}
packages in ${run.out}/tasks, report ${run.folder}/report.html
`);
