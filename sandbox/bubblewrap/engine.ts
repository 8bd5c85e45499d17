import { setMaxListeners } from "node:events";
import { availableParallelism } from "node:os";
import { performance } from "node:perf_hooks";
import { InfrastructureError } from "../../core/errors.ts";
import type { ArtefactStore } from "../../core/store.ts";
import { emptyResult, type Job, type JobResult } from "../job.ts";
import { findRuntime } from "../runtime.ts";
import type { Sandbox } from "../sandbox.ts";
import { Slots } from "../slots.ts";
import { openCgroups } from "./cgroup.ts";
import { type ExecutionContext, execute } from "./execution.ts";
import { findHostPrograms, isRoot, mountPointFor, uidOfSlot } from "./host.ts";
import { ReadyPool } from "./ready/pool.ts";
import { seccompProgram } from "./seccomp.ts";
import { startWatchdog } from "./watchdog.ts";

/** How an engine is to be. */
export interface BubblewrapOptions {
  store: ArtefactStore;
  slots?: number;
  ready?: boolean;
}

/** A sandbox that can tell whether it keeps interpreters ready. */
export interface BubblewrapSandbox extends Sandbox {
  /** Why no interpreters are kept ready; undefined while they are. */
  notReadyReason(): string | undefined;
}

/**
 * The engine for machines without a Docker daemon: each job in namespaces of its own, made by bubblewrap without any
 * privilege. Jobs above `slots` wait. Interpreters that have imported the libraries are kept ready, unless `ready` is false
 * or the machine does not allow it.
 * @throws InfrastructureError when bubblewrap or the Python runtime is missing.
 */
export async function createBubblewrap(options: BubblewrapOptions): Promise<BubblewrapSandbox> {
  const programs = await findHostPrograms();
  const runtime = await findRuntime();
  if (runtime === undefined) {
    throw new InfrastructureError("The Python environment for sandboxes has not been set up", {
      hint: "Run `npm run setup` once; `mle-smith doctor` says what is missing.",
    });
  }
  const cgroups = await openCgroups();
  const watchdog = startWatchdog(runtime, cgroups.folders);
  const context: ExecutionContext = {
    programs,
    runtime,
    store: options.store,
    cgroups,
    watchdog,
    seccomp: seccompProgram(),
    mountPoint: await mountPointFor(options.store.folder),
  };
  const pool = options.ready === false ? undefined : new ReadyPool(context);
  const slots = new Slots(Math.max(1, options.slots ?? availableParallelism()));
  const closing = new AbortController();
  // Each waiting and running job listens.
  setMaxListeners(0, closing.signal);
  const running = new Set<Promise<JobResult>>();
  let counter = 0;

  async function run(job: Job, signal: AbortSignal): Promise<JobResult> {
    const submitted = performance.now();
    const slot = await slots.take(signal);
    const queuedMs = performance.now() - submitted;
    if (slot === undefined) return { status: "cancelled", ...emptyResult(job, queuedMs) };
    try {
      const result = await pool?.run(slot, job, { queuedMs, signal });
      if (result !== undefined) return result;
      counter += 1;
      return await execute(context, job, {
        uid: isRoot() ? uidOfSlot(slot) : undefined,
        name: `job-${counter}`,
        queuedMs,
        signal,
      });
    } finally {
      slots.release(slot);
    }
  }

  return {
    engine: "bubblewrap",
    notReadyReason: () => (pool ? pool.unusable : "they were not asked for"),
    async run(job, { signal } = {}) {
      const stop = new AbortController();
      const abort = () => stop.abort();
      const reasons = signal ? [signal, closing.signal] : [closing.signal];
      for (const reason of reasons) {
        if (reason.aborted) abort();
        reason.addEventListener("abort", abort, { once: true });
      }
      const ended = run(job, stop.signal);
      running.add(ended);
      try {
        return await ended;
      } finally {
        running.delete(ended);
        for (const reason of reasons) reason.removeEventListener("abort", abort);
      }
    },
    async close() {
      closing.abort();
      await Promise.allSettled(running);
      await pool?.close();
      await cgroups.close();
      watchdog.close();
    },
  };
}
