import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { JobResult, TreeReference } from "../../sandbox/job.ts";
import type { GradeServices } from "../grade.ts";
import type { Manifest } from "../manifest.ts";

const PACKAGES = [fileURLToPath(new URL("../python/smith_environment", import.meta.url))];

/** Bytes that a work folder may hold when an execution ends: they are copied into the next one. */
const WORK_BYTES = 256 * 1024 ** 2;

/** How a solver's code ran. All of it is the code's own doing, and data to whoever reads it. */
export interface Ran {
  /** `ended` with exit code 0, `failed` with another, or ended by us. */
  status: "ended" | "failed" | "timeout" | "oom" | "output_too_large";
  exitCode: number | null;
  stdout: string;
  stderr: string;
  /** The work folder afterwards; null where nothing of it can be had. */
  work: TreeReference | null;
  milliseconds: number;
}

/**
 * Runs code in a job of its own that sees the public folder and the work folder as it was, and nothing else of the
 * task. Throws InfrastructureError when the sandbox failed, InterruptedError when cancelled.
 */
export async function runCode(
  code: string,
  place: {
    publicTree: TreeReference;
    work: TreeReference | null;
    budget: Manifest["budget"];
    wallMs: number;
  },
  services: GradeServices,
  options: { signal?: AbortSignal } = {},
): Promise<Ran> {
  const { publicTree, work, budget, wallMs } = place;
  const { result } = await services.programs.run(
    {
      name: "solution",
      argv: ["-m", "smith_environment"],
      packages: PACKAGES,
      input: { code },
      trees: { public: publicTree, ...(work === null ? {} : { work }) },
      limits: { wallMs, cpus: budget.cpus, memMb: budget.memoryMb, outputBytes: WORK_BYTES },
      // What the code leaves as result.json is not asked for: only how the engine saw it end counts.
      output: z.unknown(),
    },
    options,
  );
  return {
    status: statusOf(result),
    exitCode: "exitCode" in result ? result.exitCode : null,
    stdout: result.stdout,
    stderr: result.stderr,
    work: "outputs" in result ? result.outputs : null,
    milliseconds: result.timings.runMs,
  };
}

function statusOf({ status }: JobResult): Ran["status"] {
  switch (status) {
    case "ok":
      return "ended";
    case "nonzero_exit":
      return "failed";
    case "timeout":
    case "oom":
    case "output_too_large":
      return status;
    default:
      // The runner throws for both before anybody gets here.
      throw new TypeError(`a job that ended with ${status} is no result`);
  }
}

/** Whether a work folder holds a submission; a link would not have been collected. */
export async function hasSubmission(store: GradeServices["store"], work: TreeReference): Promise<boolean> {
  const found = await lstat(join(store.treePath(work), SUBMISSION)).catch(() => undefined);
  return found?.isFile() ?? false;
}

/** Name of the submission in the work folder. */
export const SUBMISSION = "submission.csv";
