import type { Job, JobResult } from "./job.ts";

/**
 * Runs jobs away from everything else. `run` never throws for what the job does: a crash, a timeout or a flood
 * is a result. It resolves with `infra_error` when the sandbox itself failed, and with `cancelled` soon after
 * `signal` is aborted, when no process of the job is left.
 */
export interface Sandbox {
  /** Name of the engine, e.g. `bubblewrap`. */
  readonly engine: string;
  /** Names the Python and the packages that jobs find, where that is not the environment of the set-up. */
  readonly fingerprint?: string;
  run(job: Job, options?: { signal?: AbortSignal }): Promise<JobResult>;
  /** Ends running jobs and frees what the engine holds. */
  close(): Promise<void>;
}
