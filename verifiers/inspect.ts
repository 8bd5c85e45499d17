import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { InfrastructureError } from "../core/errors.ts";
import type { TreeReference } from "../sandbox/job.ts";
import { CheckRecord } from "./defect.ts";
import type { MountedPackage } from "./package.ts";
import type { VerificationOptions, VerificationServices } from "./services.ts";

/** A submission that was written for the metric checks, and what a sound metric does with it. */
export const TestSubmission = z.strictObject({
  name: z.string(),
  expect: z.enum(["valid", "best", "permuted", "noise", "same", "random", "constant", "finite", "refused"]),
  level: z.int().optional(),
  of: z.string().optional(),
  fault: z.string().optional(),
  /** The named metric's value by the independent implementation; null for an author's own metric. */
  reference: z.number().nullable().optional(),
});
export type TestSubmission = z.infer<typeof TestSubmission>;

const InspectReport = z.strictObject({
  records: z.array(CheckRecord),
  /** Checks of ours that failed to measure: our fault, never a verdict on the task. */
  crashed: z.array(z.strictObject({ check: z.string(), error: z.string() })),
  submissions: z.array(TestSubmission),
  /** By check; `submissions` for writing what the checks of the metric score. */
  seconds: z.record(z.string(), z.number()),
});

export interface Inspection {
  records: CheckRecord[];
  submissions: TestSubmission[];
  /** Holds `test_answer.csv` and `submissions/<name>.csv`; null where there is nothing to score. */
  scored: TreeReference | null;
}

/** What the job of the data's checks takes beside them: the interpreter, libraries, mounting, reading the request. */
const STARTING = "start of the data's checks";

const PACKAGES = [
  fileURLToPath(new URL("./python/smith_checks", import.meta.url)),
  fileURLToPath(new URL("../task/python/smith_task", import.meta.url)),
];

/**
 * Measures the checks of data and sources in one job of trusted code. Throws InfrastructureError when the job or a
 * check of ours fails: what could not be measured is no verdict.
 */
export async function inspectPackage(
  task: MountedPackage,
  services: VerificationServices,
  options: VerificationOptions & {
    raw?: TreeReference /** Whether to write the metric checks' submissions. */;
    submissions?: boolean;
  } = {},
): Promise<Inspection> {
  const trees: Record<string, TreeReference> = { public: task.publicTree, private: task.privateTree };
  if (options.raw !== undefined) trees.raw = options.raw;
  const outcome = await services.programs.run(
    {
      name: "inspect",
      argv: ["-m", "smith_checks.inspect"],
      packages: PACKAGES,
      input: {
        manifest: task.manifest,
        sources: {
          prepare: task.texts.prepare ?? "",
          metric: task.texts.metric ?? "",
          description: task.texts.description ?? "",
        },
        modified: modificationRanks(task),
        only: options.only ?? null,
        skip: Object.keys(options.skip ?? {}).sort(),
        submissions: options.submissions ?? true,
      },
      trees,
      output: InspectReport,
      limits: { wallMs: 300_000 },
    },
    options.signal === undefined ? {} : { signal: options.signal },
  );
  if (!outcome.ok)
    throw new InfrastructureError(`The checks of the data could not be run: ${outcome.reason}`);
  const { records, crashed, submissions, seconds } = outcome.output;
  const [first] = crashed;
  if (first !== undefined)
    throw new InfrastructureError(`The check '${first.check}' failed to measure: ${first.error}`);
  const checks = Object.values(seconds).reduce((sum, part) => sum + part, 0);
  const starting = Math.max(0, outcome.result.timings.runMs / 1000 - checks);
  options.onEvent?.({ kind: "job_measured", seconds: { ...seconds, [STARTING]: starting } });
  // A tree of its own: equal submissions are scored once, whatever else the job wrote.
  const scored =
    submissions.length === 0
      ? null
      : await services.store.putTree(join(services.store.treePath(outcome.outputs), "scored"));
  return { records, submissions, scored };
}

/**
 * The order in which files that rows name were last changed, as dense ranks: a job's input must not depend on when
 * a package was copied. Empty when nothing but tables is there.
 */
function modificationRanks(task: MountedPackage): Record<string, number> {
  if (task.manifest.media === null) return {};
  const files = task.entries.filter((entry) => entry.path.startsWith("public/"));
  const times = [...new Set(files.map((file) => file.modifiedMs))].sort((left, right) => left - right);
  if (times.length === 1) return {};
  const ranks = new Map(times.map((time, rank) => [time, rank]));
  return Object.fromEntries(
    files.map((file) => [file.path.slice("public/".length), ranks.get(file.modifiedMs) ?? 0]),
  );
}
