import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { BadInputError, BadSubmissionError, describeError, InfrastructureError } from "../core/errors.ts";
import type { ArtefactStore } from "../core/store.ts";
import type { JobLimits, JobResult, TreeReference } from "../sandbox/job.ts";
import type { ProgramRunner } from "../sandbox/program.ts";
import { Manifest } from "./manifest.ts";

/** What grading needs of the system. */
export interface GradeServices {
  store: ArtefactStore;
  programs: ProgramRunner;
}

export interface GradeRequest {
  /** `test_answer.csv`, and `units.csv` where what is resampled is not the row. */
  privateTree: TreeReference;
  /** Text of `metric.py`: foreign code, run only in the sandbox. */
  metricCode: string;
  submissions: {
    name: string;
    tree: TreeReference;
    path: string;
    bootstrap?: boolean;
    /** Whether each method is also tried by itself, for `validator`, `evaluator`, `changed` and `tells` of the result. */
    thorough?: boolean;
  }[];
  /** Resamples, the same for every submission that wants them, so that differences are paired. */
  bootstrap: { rounds: number; seed: number } | null;
  /** Auxiliary column that names the query (NDCG, MAP): a query drawn twice counts as two. */
  query: string | null;
  /** Seconds after which no further resample is begun. */
  seconds?: number;
  limits?: Partial<JobLimits>;
}

const GradeResult = z.strictObject({
  name: z.string().max(200),
  /** `refused`: the metric says the submission is invalid. `crashed`: anything else went wrong in it. */
  status: z.enum(["scored", "refused", "crashed"]),
  score: z.number().nullable(),
  message: z.string().max(2000),
  /** One score for each resample; null where the metric refused or crashed. */
  bootstrap: z.array(z.number().nullable()).max(100_000).nullable(),
  /** What each method does by itself, where that was asked for. */
  validator: z.enum(["passed", "refused", "crashed"]).optional(),
  evaluator: z.enum(["passed", "refused", "crashed"]).optional(),
  /** Whether a method changed the tables that it was given. */
  changed: z.boolean().optional(),
  /** Whether the message of a refusal depends on the true values. */
  tells: z.boolean().optional(),
});
export type GradeResult = z.infer<typeof GradeResult>;

/** What the grading process reported. It shared a process with foreign code: data to judge, never a verdict. */
export const GradeReport = z.strictObject({
  higherIsBetter: z.boolean().nullable(),
  /** Number of metric classes in the file. */
  classes: z.int(),
  rounds: z.int().nonnegative(),
  unit: z.enum(["row", "unit", "query"]),
  results: z.array(GradeResult),
});
export type GradeReport = z.infer<typeof GradeReport>;

export type GradeOutcome =
  | { ok: true; report: GradeReport; result: JobResult }
  | { ok: false; reason: string; result: JobResult };

const LARGEST_FILE = 1024 ** 3;

const PACKAGES = [fileURLToPath(new URL("./python/smith_task", import.meta.url))];

/**
 * Scores submissions with a task's metric in a process of their own. A metric that ends the process or forges the
 * shape of the report gives `ok: false`; throws InfrastructureError and InterruptedError as the runner does.
 */
export async function gradeSubmissions(
  request: GradeRequest,
  services: GradeServices,
  options: { signal?: AbortSignal } = {},
): Promise<GradeOutcome> {
  const names = request.submissions.map((submission) => submission.name);
  if (new Set(names).size !== names.length) throw new TypeError("submissions to grade need distinct names");
  const trees: Record<string, TreeReference> = {
    private: request.privateTree,
    metric: await services.store.putFiles({ "metric.py": request.metricCode }),
  };
  const requests = request.submissions.map(({ name, tree, path, bootstrap, thorough }) => {
    const folder = `submissions-${tree.hash.slice(0, 16)}`;
    trees[folder] = tree;
    return {
      name,
      path: `${folder}/${path}`,
      bootstrap: bootstrap ?? true,
      ...(thorough ? { thorough } : {}),
    };
  });
  const seconds = request.seconds ?? 60;
  const outcome = await services.programs.run(
    {
      name: "grade",
      argv: ["-m", "smith_task.grade"],
      packages: PACKAGES,
      input: { requests, bootstrap: request.bootstrap, query: request.query, seconds },
      trees,
      limits: { wallMs: (seconds + 60) * 1000, ...request.limits },
      output: GradeReport,
    },
    options,
  );
  if (!outcome.ok) return { ok: false, reason: outcome.reason, result: outcome.result };
  const reported = outcome.output.results.map((result) => result.name);
  if (reported.length !== names.length || reported.some((name, index) => name !== names[index])) {
    return {
      ok: false,
      reason: "the grading process reported on other submissions than it was given",
      result: outcome.result,
    };
  }
  return { ok: true, report: outcome.output, result: outcome.result };
}

/** The auxiliary column that names queries, for metrics that rank within them. */
export function queryColumn(manifest: Pick<Manifest, "auxiliary" | "metric">): string | null {
  return ["ndcg", "map"].includes(manifest.metric.name) ? (manifest.auxiliary[0] ?? null) : null;
}

/**
 * Scores one submission against a package, for `mle-smith grade <task> <submission.csv>`. Throws
 * BadInputError for a folder that is no package, BadSubmissionError with the metric's words when it is refused,
 * InfrastructureError when the metric itself fails.
 */
export async function gradeOne(
  packageFolder: string,
  submissionCsv: string,
  services: GradeServices,
  options: { signal?: AbortSignal } = {},
): Promise<{ score: number; metric: Manifest["metric"]; title: string; id: string }> {
  const manifest = await readManifest(packageFolder);
  const submission = await readOrRefuse(submissionCsv, "The submission");
  const metricCode = (await readOrRefuse(join(packageFolder, "metric.py"), "The task's metric.py")).toString(
    "utf8",
  );
  const answers = await readOrRefuse(
    join(packageFolder, "private", "test_answer.csv"),
    "The task's test_answer.csv",
  );
  const request: GradeRequest = {
    privateTree: await services.store.putFiles({ "test_answer.csv": answers }),
    metricCode,
    submissions: [
      {
        name: "submission",
        tree: await services.store.putFiles({ "submission.csv": submission }),
        path: "submission.csv",
      },
    ],
    bootstrap: null,
    query: null,
  };
  const graded = await gradeSubmissions(request, services, options);
  if (!graded.ok) throw new InfrastructureError(`Grading failed: ${graded.reason}`);
  const [result] = graded.report.results;
  if (result?.status === "refused")
    throw new BadSubmissionError(result.message, { hint: "See description.md for the submission format." });
  if (result?.status !== "scored" || result.score === null) {
    throw new InfrastructureError(
      `The task's metric failed on this submission: ${result?.message ?? "no result"}`,
    );
  }
  return { score: result.score, metric: manifest.metric, title: manifest.title, id: manifest.id };
}

async function readManifest(folder: string): Promise<Manifest> {
  const text = await readOrRefuse(join(folder, "task.json"), "The task's task.json");
  try {
    return Manifest.parse(JSON.parse(text.toString("utf8")));
  } catch (error) {
    throw new BadInputError(
      `${join(folder, "task.json")} is not a manifest of ours: ${describeError(error).slice(0, 500)}`,
      { cause: error },
    );
  }
}

async function readOrRefuse(path: string, what: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > LARGEST_FILE) throw new BadInputError("it is larger than 1 GiB");
    return await readFile(path);
  } catch (error) {
    throw new BadInputError(`${what} cannot be read: ${describeError(error)}`, { cause: error });
  }
}
