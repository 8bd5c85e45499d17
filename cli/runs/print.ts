import { basename } from "node:path";
import { paint, plain } from "../terminal.ts";
import type { PastRun, RunState } from "./past-run.ts";

const colours = {
  finished: "green",
  stopped: "yellow",
  resumable: "yellow",
  running: "cyan",
  damaged: "red",
} as const satisfies Record<RunState, string>;

/** One line a run: when, state, results, cost, time, datasets. Everything that comes from data is printed plain. */
export function printList(runs: PastRun[], out: NodeJS.WriteStream): void {
  const rows = runs.map((run) => ({ run, ...columnsOf(run) }));
  const width = (column: "run" | "results" | "cost" | "seconds") =>
    Math.max(0, ...rows.map((row) => String(column === "run" ? row.run.run : row[column]).length));
  for (const { run, results, cost, seconds, datasets } of rows) {
    const words = [
      plain(run.run).padEnd(width("run")),
      paint(out, colours[run.state], run.state.padEnd("resumable".length)),
      results.padStart(width("results")),
      cost.padStart(width("cost")),
      seconds.padStart(width("seconds")),
      datasets,
    ];
    out.write(`${words.filter((word) => word !== "").join("  ")}\n`);
    if (run.problem !== undefined) out.write(`  ${paint(out, "red", plain(run.problem, 300))}\n`);
  }
}

function columnsOf({ summary }: PastRun): Record<"results" | "cost" | "seconds" | "datasets", string> {
  const { funnel } = summary;
  const names = summary.datasets.slice(0, 3).map(({ path }) => plain(basename(path), 40));
  const more = summary.datasets.length > 3 ? ` and ${summary.datasets.length - 3} more` : "";
  return {
    results: `${funnel.accepted} of ${funnel.candidates} accepted`,
    cost: `$${summary.cost.toFixed(summary.cost > 0 && summary.cost < 0.1 ? 4 : 2)}`,
    seconds: `${summary.seconds.toFixed(0)} s`,
    datasets: `${names.join(", ")}${more}`,
  };
}

/** One run: its funnel, its tasks, every rejection with its reasons, and where the time went. */
export function printRun(run: PastRun, out: NodeJS.WriteStream): void {
  const { summary, state } = run;
  const { funnel } = summary;
  const title = (text: string) => out.write(`\n${paint(out, "bold", text)}\n`);
  const when = run.started === null ? "" : `, began ${plain(run.started).slice(0, 19).replace("T", " ")} UTC`;
  out.write(`${plain(run.run)}  ${paint(out, colours[state], state)}${when}\n${plain(run.folder, 1000)}\n`);
  if (run.problem !== undefined) out.write(`${paint(out, "red", plain(run.problem, 1000))}\n`);
  if (state === "stopped" || state === "resumable")
    out.write(`go on with: mle-smith generate --resume ${plain(run.folder, 1000)}\n`);

  title("Funnel");
  const cost = summary.cost > 0 ? `, $${summary.cost.toFixed(4)}` : "";
  out.write(
    `  ${funnel.datasets} datasets → ${funnel.candidates} candidates, ${funnel.attempts} attempts → ${funnel.accepted} tasks accepted, ${funnel.rejected} rejected; ${summary.seconds.toFixed(1)} s${cost}\n`,
  );
  for (const [check, count] of Object.entries(funnel.rejectionsByCheck))
    out.write(`  rejected by ${plain(check)}: ${count}\n`);

  title("Datasets");
  for (const dataset of summary.datasets) {
    const reason = dataset.reason ? `: ${plain(dataset.reason, 1000)}` : "";
    out.write(`  ${plain(dataset.path, 1000)}: ${dataset.status.replaceAll("_", " ")}${reason}\n`);
    for (const task of dataset.tasks)
      out.write(
        `    ${paint(out, "green", "accepted")}  ${plain(task.title)} (${plain(task.objective)}, ${plain(task.metric)}), ${task.seconds.toFixed(1)} s of work\n              ${plain(task.path, 1000)}\n`,
      );
    for (const rejected of dataset.rejected) {
      out.write(`    ${paint(out, "red", "rejected")}  ${plain(rejected.title)}\n`);
      for (const { attempt, check, message } of rejected.defects)
        out.write(`              attempt ${attempt}, ${plain(check)}: ${plain(message, 400)}\n`);
    }
  }

  title("Where the time went (stages run side by side)");
  const stages = Object.entries(funnel.secondsByStage).sort((a, b) => b[1] - a[1]);
  const all = stages.reduce((sum, [, seconds]) => sum + seconds, 0);
  for (const [stage, seconds] of stages)
    out.write(
      `  ${plain(stage).padEnd(12)}${seconds.toFixed(1).padStart(9)} s${`${((seconds / all) * 100).toFixed(0)}%`.padStart(6)}\n`,
    );
  if (stages.length === 0) out.write("  no stage had ended\n");

  const roles = Object.entries(funnel.modelByRole);
  if (roles.length > 0) title("Models");
  for (const [role, { calls, promptTokens, cachedTokens, outputTokens, cost: dollars }] of roles)
    out.write(
      `  ${plain(role).padEnd(12)} ${calls} calls, ${promptTokens} prompt tokens (${cachedTokens} cached), ${outputTokens} output tokens, $${dollars.toFixed(4)}\n`,
    );
  if (run.report !== null) out.write(`\nreport: ${plain(run.report, 1000)}\n`);
}
