import { Job, JobLimits } from "../../sandbox/job.ts";

let counter = 0;

/** A job that runs Python source text. */
export function pythonJob(
  source: string,
  parts: {
    limits?: Partial<JobLimits>;
    files?: Record<string, string>;
    trees?: Job["workspace"]["trees"];
    argv?: string[];
  } = {},
): Job {
  counter += 1;
  return Job.parse({
    v: 1,
    id: `test-${counter}`,
    runtime: "python",
    argv: parts.argv ?? ["-S", "-c", source],
    workspace: { trees: parts.trees ?? {}, files: parts.files ?? {} },
    limits: JobLimits.parse({ wallMs: 30_000, memMb: 512, diskMb: 64, ...parts.limits }),
  });
}
