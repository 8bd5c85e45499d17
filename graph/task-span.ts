import { basename } from "node:path";
import { beginSpan, type Span } from "../core/tracing.ts";
import { workIds } from "../core/work-ids.ts";

/** What a stage is about. */
export interface About {
  dataset: string;
  candidate?: string;
  attempt?: number;
}

/** Spans of the tasks under way in this process: a task has many stages, and no place in the code that encloses them. */
const open = new Map<string, Span>();

/** Span of a candidate's way to a task: begun at its first stage, and again when a run is resumed. */
export function taskSpan(about: About): Span | undefined {
  if (about.candidate === undefined) return undefined;
  const known = open.get(keyOf(about));
  if (known) return known;
  const facts = { "smith.dataset": basename(about.dataset), "smith.task": about.candidate };
  const span = beginSpan("task", { facts });
  // Without a recorder there is nothing to remember.
  if (span.place !== undefined) open.set(keyOf(about), span);
  return span;
}

/** Ends it: `accepted`, `rejected`, or the kind of the error that ended the run. */
export function endTaskSpan(about: About, outcome: string, failed = false): void {
  const span = open.get(keyOf(about));
  open.delete(keyOf(about));
  span?.set({ "smith.outcome": outcome });
  if (failed) span?.fail(outcome);
  span?.end();
}

function keyOf({ dataset, candidate }: About): string {
  const { run, thread } = workIds();
  return JSON.stringify([run, thread, dataset, candidate]);
}
