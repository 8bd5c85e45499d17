import { setTimeout as sleep } from "node:timers/promises";
import type { ArtefactStore } from "../../core/store.ts";
import { type Job, JobLimits, type JobResult } from "../../sandbox/job.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";

/** What a fake job asks for; its only argument. */
interface Wish {
  sleepMs?: number;
  /** Output files. */
  outputs?: Record<string, string>;
  /** One output file of that many bytes. */
  repeat?: number;
  fail?: string;
}

let counter = 0;

/** A job for the fake engine below. */
export function fakeJob(
  wish: Wish = {},
  parts: { id?: string; trees?: Job["workspace"]["trees"] } = {},
): Job {
  counter += 1;
  return {
    v: 1,
    id: parts.id ?? `fake-${counter}`,
    runtime: "python",
    argv: [JSON.stringify(wish)],
    workspace: { trees: parts.trees ?? {}, files: {} },
    limits: JobLimits.parse({}),
  };
}

/** An engine that runs nothing: for tests of the queue alone. Remembers the ids it was given. */
export function fakeEngine(store: ArtefactStore): Sandbox & { ran: string[] } {
  const ran: string[] = [];
  const empty = store.putFiles({});
  return {
    engine: "fake",
    ran,
    async run(job, { signal } = {}) {
      ran.push(job.id);
      const started = performance.now();
      const wish = JSON.parse(job.argv[0] ?? "{}") as Wish;
      const facts = {
        id: job.id,
        stdout: "",
        stderr: "",
        stdoutTruncated: false,
        stderrTruncated: false,
        peakMemoryMb: null,
      };
      if (wish.sleepMs) await sleep(wish.sleepMs, undefined, signal ? { signal } : {}).catch(() => undefined);
      const timings = { queuedMs: 0, runMs: performance.now() - started };
      if (signal?.aborted) return { status: "cancelled", timings, ...facts };
      if (wish.fail !== undefined) return { status: "infra_error", message: wish.fail, timings, ...facts };
      for (const tree of Object.values(job.workspace.trees))
        if (!(await store.hasTree(tree)))
          return {
            status: "infra_error",
            message: "a tree is missing",
            timings,
            ...facts,
          } satisfies JobResult;
      const files = wish.repeat ? { "large.txt": "x".repeat(wish.repeat) } : wish.outputs;
      const outputs = files ? await store.putFiles(files) : await empty;
      return { status: "ok", exitCode: 0, outputs, timings, ...facts };
    },
    async close() {},
  };
}
