import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { ArtefactStore } from "../core/store.ts";
import type { JobLimits, TreeReference } from "../sandbox/job.ts";
import type { ProgramRunner } from "../sandbox/program.ts";
import { PreparedReport } from "./prepared-report.ts";

const packageFolder = fileURLToPath(new URL("./python/smith_task", import.meta.url));

/** What running a task's programs needs. */
export interface TaskServices {
  programs: ProgramRunner;
  store: ArtefactStore;
}

/** How `prepare.py` ended: with its files and what was measured of them, or with what went wrong. */
export type PrepareOutcome =
  | { ok: true; tree: TreeReference; report: PreparedReport }
  | { ok: false; problem: "failed" | "timeout" | "not_deterministic" | "killed"; reason: string };

const Result = z.strictObject({
  problem: z.enum(["failed", "timeout", "not_deterministic"]).nullable(),
  detail: z.string(),
  report: PreparedReport.nullable(),
});

/**
 * Runs `prepare.py` twice on the read-only raw tree in one sandbox job, and measures what it wrote.
 * The tree that comes back holds `public/` and `private/`. Throws InfrastructureError when the sandbox fails and
 * InterruptedError when cancelled; what the program does wrong is a result.
 */
export async function runPrepare(
  task: { prepare: string; raw: TreeReference },
  services: TaskServices,
  options: { seconds?: number; limits?: Partial<JobLimits>; signal?: AbortSignal } = {},
): Promise<PrepareOutcome> {
  const seconds = options.seconds ?? 120;
  const outcome = await services.programs.run(
    {
      name: "prepare",
      argv: ["-P", "-m", "smith_task.run_prepare"],
      packages: [packageFolder],
      input: { timeout: seconds },
      trees: { raw: task.raw, task: await services.store.putFiles({ "prepare.py": task.prepare }) },
      limits: { wallMs: (seconds + 60) * 1000, cpus: 2, pids: 128, diskMb: 4096, ...options.limits },
      output: Result,
    },
    options.signal ? { signal: options.signal } : {},
  );
  if (!outcome.ok) return { ok: false, problem: "killed", reason: outcome.reason };
  const { problem, detail, report } = outcome.output;
  if (problem !== null || report === null) return { ok: false, problem: problem ?? "failed", reason: detail };
  const tree = await services.store.putTree(join(services.store.treePath(outcome.outputs), "tree"));
  return { ok: true, tree, report };
}
