import { BadInputError } from "../../core/errors.ts";
import type { TreeReference } from "../../sandbox/job.ts";
import { gradeSubmissions } from "../grade.ts";
import type { Manifest } from "../manifest.ts";
import { METRICS, metricParameters } from "../metrics/catalogue.ts";
import { compileMetric } from "../metrics/compile.ts";
import type { ForeignTask, ImportOptions } from "./foreign-task.ts";
import type { ImportServices, Question } from "./import-task.ts";
import { withOneHot } from "./mle-bench-metric.ts";
import { perfectSubmission } from "./perfect.ts";

/** The metric of a foreign task: its program, and what the manifest says of it. */
interface Calibrated {
  code: string;
  metric: Manifest["metric"];
  notes: string[];
}

/**
 * A named metric is compiled. Any other program scores the answers and the sample submission in the sandbox, which tells its
 * direction and its best value. Throws BadInputError where the program needs modules that the sandbox does not have, or
 * the direction cannot be told.
 */
export async function calibrate(
  task: ForeignTask,
  options: ImportOptions,
  question: Question,
  prepared: TreeReference,
  services: ImportServices,
  run: { signal?: AbortSignal },
): Promise<Calibrated> {
  const named = options.metric === undefined ? null : namedMetric(options.metric);
  if (task.metric === null) {
    if (named === null || options.metric === undefined)
      throw new BadInputError("Name the metric with --metric.");
    return { code: compiled(task, options, question), metric: named, notes: [] };
  }
  const code =
    question.one_hot.length > 0
      ? withOneHot(task.metric, question.targets[0] ?? "", question.one_hot)
      : task.metric;
  if (named !== null) return { code, metric: named, notes: [] };
  const perfect = await perfectSubmission(question, prepared, services, run);
  const outcome = await gradeSubmissions(
    {
      privateTree: perfect,
      metricCode: code,
      submissions: [
        { name: "perfect", tree: perfect, path: "perfect.csv" },
        { name: "sample", tree: prepared, path: "public/sample_submission.csv" },
      ],
      bootstrap: null,
      query: null,
    },
    services,
    run,
  );
  const results = outcome.ok ? outcome.report.results : [];
  const missing = results
    .map((result) => /No module named '([\w.]+)'/.exec(result.message)?.[1])
    .find(Boolean);
  if (missing !== undefined)
    throw new BadInputError(
      `The metric of ${task.name} needs the Python module ${missing}, which the sandbox does not have.`,
      {
        hint: missing.startsWith("mlebench")
          ? "Give the competition's folder inside a checkout of mle-bench."
          : "Name a metric of the catalogue with --metric, in place of the task's own.",
      },
    );
  const [best, sample] = results.map((result) => result.score);
  const own = outcome.ok && task.format === "mle-dojo" ? outcome.report.higherIsBetter : null;
  const direction =
    options.direction ??
    (own === null ? null : own ? "maximize" : "minimize") ??
    task.direction ??
    compared(best ?? null, sample ?? null);
  if (direction === null && outcome.ok && best !== null)
    throw new BadInputError(`Nothing tells whether a higher score of ${task.name} is better.`, {
      hint: "Say it with --direction maximize or minimize.",
    });
  const title = task.metricTitle ?? "the task's own metric";
  return {
    code:
      task.format === "mle-bench"
        ? code.replace(
            "higher_is_better: bool = True",
            `higher_is_better: bool = ${direction === "minimize" ? "False" : "True"}`,
          )
        : code,
    metric: {
      name: "custom",
      title,
      direction: direction ?? "maximize",
      parameters: {},
      best: best ?? (direction === "minimize" ? 0 : 1),
      noSkill: null,
    },
    notes: [`the metric is the task's own; its answers score ${best ?? "nothing"}, taken for the best value`],
  };
}

function compared(best: number | null, sample: number | null): Manifest["metric"]["direction"] | null {
  if (best === null || sample === null || best === sample) return null;
  return best > sample ? "maximize" : "minimize";
}

function namedMetric(name: NonNullable<ImportOptions["metric"]>): Manifest["metric"] {
  const { title, higherIsBetter, best, noSkill } = METRICS[name];
  const parameters = metricParameters(name, {});
  return { name, title, direction: higherIsBetter ? "maximize" : "minimize", parameters, best, noSkill };
}

function compiled(task: ForeignTask, options: ImportOptions, question: Question): string {
  const { kind } = question;
  if (options.metric === undefined || kind === "other")
    throw new BadInputError(`What ${task.name} asks is of no kind that a named metric can grade.`);
  return compileMetric({
    title: task.name,
    target: { name: question.targets[0] ?? "", kind, labels: question.labels, columns: question.targets },
    auxiliary: question.auxiliary,
    metric: { name: options.metric, parameters: metricParameters(options.metric, {}) },
    id: question.id,
  });
}
