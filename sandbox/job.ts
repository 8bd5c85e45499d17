import { z } from "zod";

/** A folder in the artefact store, named by the hash of its content. */
export const TreeReference = z.strictObject({
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  files: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
});
export type TreeReference = z.infer<typeof TreeReference>;

/** A path inside the workspace: relative, no `..`, no NUL, no backslash. */
export const WorkspacePath = z
  .string()
  .min(1)
  .max(512)
  .refine(
    (path) =>
      !path.startsWith("/") &&
      !/[\0\\]/.test(path) &&
      !path.split("/").some((part) => part === ".." || part === "." || part === ""),
    {
      message: "must be a relative path without '.', '..' or empty parts",
    },
  );

/** Bounds that the engine enforces on one job. */
export const JobLimits = z.strictObject({
  /** Wall-clock milliseconds from start to end. */
  wallMs: z.int().positive().default(60_000),
  /** Cores (a share; not enforced where the engine has no cgroup rights). */
  cpus: z.number().positive().default(1),
  /** Mebibytes of memory, files in /tmp and /out included where a cgroup counts: they lie in memory. */
  memMb: z.int().positive().default(4096),
  /** Processes and threads at once. */
  pids: z.int().positive().default(64),
  /** Mebibytes that may be written to /tmp and /out together. */
  diskMb: z.int().positive().default(2048),
  /** Bytes of stdout, and of stderr, that are kept; twenty times as many end the job. */
  stdoutBytes: z.int().positive().default(65_536),
  /** Bytes that the outputs may have in all. */
  outputBytes: z.int().positive().default(1_073_741_824),
});
export type JobLimits = z.infer<typeof JobLimits>;

/**
 * One sandboxed execution. The sender chooses neither image nor mounts nor environment:
 * inside, the workspace lies read-only under /job, the working directory is /tmp (scratch),
 * and what is left under /out is collected. `argv` follows the Python interpreter.
 * PYTHONPATH is /job/code and the runtime's own modules (`mledojo.metrics.base`).
 */
export const Job = z.strictObject({
  v: z.literal(1),
  /** Names the execution; equal ids mean equal work, so a job that has a result is not run again. */
  id: z.string().min(1).max(128),
  runtime: z.literal("python"),
  argv: z.array(z.string().max(4096)).min(1),
  workspace: z.strictObject({
    /** Path under /job → folder of the store, bound read-only. */
    trees: z.record(WorkspacePath, TreeReference),
    /** Path under /job → text of a small file. */
    files: z.record(WorkspacePath, z.string()),
  }),
  limits: JobLimits,
});
export type Job = z.infer<typeof Job>;

const facts = {
  id: z.string(),
  /** Milliseconds: from submission to start, and from start to end. */
  timings: z.strictObject({ queuedMs: z.number(), runMs: z.number() }),
  stdout: z.string(),
  stderr: z.string(),
  stdoutTruncated: z.boolean(),
  stderrTruncated: z.boolean(),
  /** Highest resident memory in mebibytes, where the engine can measure it. */
  peakMemoryMb: z.number().nullable(),
};

/** How a job ended. Only `infra_error` is worth another try; all others are results. */
export const JobResult = z.discriminatedUnion("status", [
  z.strictObject({ status: z.literal("ok"), exitCode: z.literal(0), outputs: TreeReference, ...facts }),
  z.strictObject({
    status: z.literal("nonzero_exit"),
    exitCode: z.int(),
    outputs: TreeReference.nullable(),
    ...facts,
  }),
  z.strictObject({ status: z.literal("timeout"), ...facts }),
  z.strictObject({ status: z.literal("oom"), ...facts }),
  z.strictObject({ status: z.literal("output_too_large"), ...facts }),
  z.strictObject({ status: z.literal("cancelled"), ...facts }),
  z.strictObject({ status: z.literal("infra_error"), message: z.string(), ...facts }),
]);
export type JobResult = z.infer<typeof JobResult>;

/** The facts of a result of a job that never ran. */
export function emptyResult(job: Job, queuedMs: number): Omit<JobResult & { status: "cancelled" }, "status"> {
  return {
    id: job.id,
    timings: { queuedMs, runMs: 0 },
    stdout: "",
    stderr: "",
    stdoutTruncated: false,
    stderrTruncated: false,
    peakMemoryMb: null,
  };
}
