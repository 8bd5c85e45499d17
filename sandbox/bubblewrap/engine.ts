import { availableParallelism } from "node:os";
import { InfrastructureError } from "../../core/errors.ts";
import type { ArtefactStore } from "../../core/store.ts";
import type { Job, JobResult } from "../job.ts";
import { findRuntime } from "../runtime.ts";
import type { Sandbox } from "../sandbox.ts";
import { type JobPlace, SlottedJobs } from "../slotted-jobs.ts";
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
  const jobs = new SlottedJobs(Math.max(1, options.slots ?? availableParallelism()));
  let counter = 0;

  async function run(job: Job, { slot, queuedMs, signal }: JobPlace): Promise<JobResult> {
    const result = await pool?.run(slot, job, { queuedMs, signal });
    if (result !== undefined) return result;
    counter += 1;
    return execute(context, job, {
      uid: isRoot() ? uidOfSlot(slot) : undefined,
      name: `job-${counter}`,
      queuedMs,
      signal,
    });
  }

  return {
    engine: "bubblewrap",
    notReadyReason: () => (pool ? pool.unusable : "they were not asked for"),
    run: (job, { signal } = {}) => jobs.run(job, signal, (place) => run(job, place)),
    async close() {
      await jobs.end();
      await pool?.close();
      await cgroups.close();
      watchdog.close();
    },
  };
}
