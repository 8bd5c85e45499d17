import type { z } from "zod";
import type { JobLimits, JobResult, TreeReference } from "./job.ts";

/**
 * A Python program of ours, or one made by an author, run as one job. Inside, `/job/input.json` holds `input`,
 * `/job/<name>` each tree (read-only), `/job/code` is on PYTHONPATH; the program writes `/out/result.json`
 * and any files beside it.
 */
export interface Program<Output> {
  /** For logs and events: `survey`, `prepare`, `inspect`, `solve`, `grade`. */
  name: string;
  /** After the interpreter, e.g. ["-m", "smith_dataset.survey"]. */
  argv: string[];
  /** Python package folders of this repository that are put under /job/code, by absolute path. */
  packages: string[];
  input: unknown;
  trees: Record<string, TreeReference>;
  limits?: Partial<JobLimits>;
  /** Schema of /out/result.json. */
  output: z.ZodType<Output>;
}

/** How a program ended: with its output, or with the job's result that tells what went wrong. */
export type ProgramOutcome<Output> =
  | { ok: true; output: Output; outputs: TreeReference; result: JobResult }
  | {
      ok: false /** One line: status, exit code and the end of stderr. */;
      reason: string;
      result: JobResult;
    };

/**
 * Runs programs: builds the job (its id is the hash of everything that determines it), runs it at most once per
 * store (a kept result is returned at once), tries again after `infra_error` (3 times), then throws
 * InfrastructureError. Throws InterruptedError when cancelled.
 */
export interface ProgramRunner {
  run<Output>(program: Program<Output>, options?: { signal?: AbortSignal }): Promise<ProgramOutcome<Output>>;
}
