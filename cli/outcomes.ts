import { BadInputError, BudgetError, describeError, SmithError } from "../core/errors.ts";
import type { SmithValues, TaskResult } from "../graph/state.ts";
import { type DatasetOutcome, type Summary, spentOn } from "./summary.ts";

/** What is read of a graph that has come to its end. */
export type Ended = Pick<SmithValues, "results" | "refusal">;

/** How a dataset ended whose graph came to its end. */
export function outcomeOf(path: string, values: Ended): DatasetOutcome {
  const outcome = tasksOf(path, values.results);
  if (values.refusal !== null)
    return {
      ...outcome,
      status: "refused",
      reason: `${sentence(values.refusal.reason)} What would help: ${sentence(values.refusal.help)}`,
    };
  return outcome.tasks.length > 0
    ? outcome
    : { ...outcome, status: "nothing_accepted", reason: "every candidate was rejected" };
}

/** The tasks and rejections that there are, as of a dataset that was accepted. */
export function tasksOf(path: string, results: TaskResult[]): DatasetOutcome {
  const ordered = [...results].sort((a, b) => a.slot - b.slot);
  return {
    path,
    status: "accepted",
    tasks: ordered.flatMap(({ status, id, path: folder, title, objective, metric }) =>
      status === "accepted" && id !== null && folder !== null
        ? [{ id, path: folder, title, objective, metric, seconds: 0, cost: 0 }]
        : [],
    ),
    rejected: ordered
      .filter((result) => result.status === "rejected")
      .map(({ title, defects }) => ({ title, defects })),
  };
}

/** The text with exactly one full stop at its end. */
function sentence(text: string): string {
  return `${text.replace(/[.\s]+$/, "")}.`;
}

/** How a dataset ended whose graph threw. @param signal of the run: what stopped it is the reason. */
export function failureOf(error: unknown, signal: AbortSignal): Pick<DatasetOutcome, "status" | "reason"> {
  const hint = error instanceof SmithError && error.hint ? ` (${error.hint})` : "";
  const reason = `${describeError(error)}${hint}`;
  if (signal.aborted || error instanceof BudgetError)
    return { status: "stopped", reason: signal.aborted ? describeError(signal.reason) : reason };
  return { status: error instanceof BadInputError ? "bad_input" : "failed", reason };
}

/** Adds to each task what its candidate took. */
export function addSpending(
  outcome: DatasetOutcome,
  results: TaskResult[],
  events: Parameters<typeof spentOn>[0],
): void {
  for (const task of outcome.tasks) {
    const candidate = results.find((result) => result.id === task.id)?.candidate;
    if (candidate !== undefined) Object.assign(task, spentOn(events, outcome.path, candidate));
  }
}

/** Exit code of `generate`. @param stopped the reason why the whole run was stopped, if it was. */
export function exitCodeOf(summary: Summary, stopped: unknown): number {
  if (stopped instanceof SmithError) return stopped.exitCode;
  const statuses = summary.datasets.map((dataset) => dataset.status);
  // Only a budget or an interrupt stops a dataset, and an interrupt has its own code above.
  if (statuses.includes("stopped")) return 4;
  if (statuses.includes("failed")) return 1;
  if (summary.funnel.accepted > 0) return 0;
  return statuses.every((status) => status === "bad_input") ? 2 : 3;
}
