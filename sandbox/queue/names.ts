import { basename } from "node:path";
import { environmentPath } from "../runtime.ts";

/** Streams of the queue. */
export const streams = {
  /** Jobs that wait or run: a work queue. */
  jobs: "SMITH_JOBS",
  /** One result per job. */
  results: "SMITH_RESULTS",
  /** Workspaces, written by producers. */
  inputs: "SMITH_INPUTS",
  /** Outputs, written by runners. */
  outputs: "SMITH_OUTPUTS",
  /** Jobs that were given up, and the server's notices of them. */
  dead: "SMITH_DEAD",
} as const;

/** Subjects of the queue. A job's key is the hash of its whole content. */
export const subjects = {
  job: (runtime: string, key: string) => `smith.jobs.${runtime}.${key}`,
  result: (key: string) => `smith.results.${key}`,
  /** The server repeats each result here once it has stored it. */
  done: (key: string) => `smith.done.${key}`,
  /** What runners tell a producer of its jobs, beside results. Not stored. */
  notes: (producer: string) => `smith.notes.${producer}`,
  /** What is to be ended. Not stored. */
  cancel: (key: string) => `smith.cancel.${key}`,
  dead: (key: string) => `smith.dead.${key}`,
  /** The server's notice that a message was delivered as often as allowed. */
  givenUp: `$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.${streams.jobs}`,
} as const;

/** The consumer of the notices above. */
export const undertaker = "undertaker";

/**
 * Name of the runtime that a job needs, which is also that of the consumer: `python-<hash of the pinned packages>`. Producers and
 * runners of different releases share a server without giving each other work whose results would differ.
 */
export async function runtimeName(): Promise<string> {
  return basename(await environmentPath());
}
