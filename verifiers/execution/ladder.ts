import { fileURLToPath } from "node:url";
import { z } from "zod";
import { InfrastructureError } from "../../core/errors.ts";
import { type GradeResult, gradeSubmissions, queryColumn } from "../../task/grade.ts";
import type { Manifest } from "../../task/manifest.ts";
import type { MountedPackage } from "../package.ts";
import type { VerificationOptions, VerificationServices } from "../services.ts";

/** One step of the ladder as the certificate keeps it. */
export const LadderStep = z.strictObject({
  name: z.enum(["trivial", "limited", "simple", "strong", "agent"]),
  /** What it did, in words. */
  model: z.string(),
  /** Null when it had no valid prediction. */
  score: z.number().nullable(),
  /** 95% interval over resampled units of the test. */
  interval: z.tuple([z.number(), z.number()]).nullable(),
  note: z.string(),
});
export type LadderStep = z.infer<typeof LadderStep>;

const Solved = z.strictObject({
  steps: z.array(
    z.strictObject({
      step: z.enum(["constant", "random", "limited", "simple", "strong", "single"]),
      model: z.string().max(300),
      /** Under /out; null when the step failed, with the reason in `note`. */
      file: z.string().nullable(),
      note: z.string().max(2000),
      seconds: z.number(),
    }),
  ),
  probe: z.strictObject({ tried: z.int(), found: z.array(z.string()), network: z.boolean() }),
  seconds: z.number(),
});
export type Solved = z.infer<typeof Solved>;

/** What the checks of this layer judge. */
export interface LadderContext {
  manifest: Manifest;
  /** Null when the solving job itself ended badly; `problem` says how. */
  solved: Solved | null;
  problem: string | null;
  ladder: LadderStep[];
  /** The trivial level, for pairs with whoever else is graded on the same resamples. */
  trivial: Level;
  /** Resampled gains of strong over trivial, higher is better; empty when one of the two has none. */
  differences: number[];
  /** Resampled gains of strong over the rungs below it, higher is better; empty when one of the two has none. */
  over: { limited: number[]; simple: number[] };
  /** The strong procedure on the one column that tells most; null where rows are not answered from columns of their own. */
  single: Single | null;
  unit: string;
}

/** A score, and its value on each resample of the test's units; null where the metric has none. */
export interface Level {
  score: number | null;
  resampled: (number | null)[];
}

/** What one column reaches, and the resampled gains of strong over it, higher is better. */
export interface Single {
  model: string;
  score: number;
  differences: number[];
}

const SOLVE_PACKAGES = ["../python/smith_ladder", "../../task/python/smith_task"].map((folder) =>
  fileURLToPath(new URL(folder, import.meta.url)),
);

/** Resamples of the test's units: equal seeds draw equal units in every grading job, so that scores can be paired. */
export const RESAMPLES = { rounds: 100, seed: 11 };

/** Solves the task from its public folder alone, grades each step with the task's metric, and resamples the scores. */
export async function climbLadder(
  task: MountedPackage,
  services: VerificationServices,
  options: VerificationOptions = {},
): Promise<LadderContext> {
  const { manifest } = task;
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  const none = { score: null, resampled: [] };
  const over = { limited: [], simple: [] };
  const empty = { manifest, ladder: [], trivial: none, differences: [], over, single: null, unit: "row" };
  const solved = await services.programs.run(
    {
      name: "solve",
      argv: ["-m", "smith_ladder"],
      packages: SOLVE_PACKAGES,
      input: { manifest },
      trees: { public: task.publicTree },
      output: Solved,
      limits: { wallMs: manifest.budget.seconds * 1000, memMb: manifest.budget.memoryMb },
    },
    signal,
  );
  options.onEvent?.({
    kind: "job_measured",
    seconds: { "reference solvers": solved.result.timings.runMs / 1000 },
  });
  if (!solved.ok) {
    // Time and memory are the task's own budget. Anything else is a failure of our solvers, and no verdict on the task.
    if (!["timeout", "oom"].includes(solved.result.status))
      throw new InfrastructureError(`The reference solvers failed: ${solved.reason}`);
    return { ...empty, solved: null, problem: solved.reason };
  }
  const steps = solved.output.steps;
  const submissions = steps.flatMap(({ step, file }) =>
    file === null ? [] : [{ name: step, tree: solved.outputs, path: file, bootstrap: true }],
  );
  const graded = await gradeSubmissions(
    {
      privateTree: task.privateTree,
      metricCode: task.texts.metric ?? "",
      submissions,
      bootstrap: RESAMPLES,
      query: queryColumn(manifest),
      seconds: 60,
    },
    services,
    signal,
  );
  options.onEvent?.({
    kind: "job_measured",
    seconds: { "scoring and resampling of the ladder": graded.result.timings.runMs / 1000 },
  });
  if (!graded.ok) return { ...empty, solved: solved.output, problem: graded.reason };
  const results = new Map(graded.report.results.map((result) => [result.name, result]));
  return {
    solved: solved.output,
    problem: null,
    ...assemble(manifest, solved.output, results),
    unit: graded.report.unit,
  };
}

function assemble(
  manifest: Manifest,
  solved: Solved,
  results: Map<string, GradeResult>,
): Pick<LadderContext, "manifest" | "ladder" | "trivial" | "differences" | "over" | "single"> {
  const sign = manifest.metric.direction === "maximize" ? 1 : -1;
  const trivialName = trivialOf(manifest, results, sign);
  const names = { trivial: trivialName, limited: "limited", simple: "simple", strong: "strong" };
  const ladder = Object.entries(names).map(([name, source]): LadderStep => {
    const step = solved.steps.find((candidate) => candidate.step === source);
    const result = results.get(source);
    // Where a constant has no defined value, the metric's value without skill takes its place.
    const score = result?.score ?? (name === "trivial" ? manifest.metric.noSkill : null);
    return {
      name: LadderStep.shape.name.parse(name),
      model: step?.model ?? "",
      score,
      interval: score === null ? null : interval(finite(result?.bootstrap)),
      note: [step?.note ?? "", result?.status === "scored" ? "" : (result?.message ?? "")]
        .filter(Boolean)
        .join("; "),
    };
  });
  const strong = results.get("strong")?.bootstrap ?? [];
  const trivial = levelOf(manifest, results.get(trivialName));
  const differences = gainsOver(trivial, strong, sign);
  const gains = (name: string) =>
    gainsOver({ score: null, resampled: results.get(name)?.bootstrap ?? [] }, strong, sign);
  const over = { limited: gains("limited"), simple: gains("simple") };
  return { manifest, ladder, trivial, differences, over, single: singleOf(solved, results, sign) };
}

/** Where a constant has no defined value, the metric's value without skill takes its place in every resample. */
function levelOf({ metric }: Manifest, result: GradeResult | undefined): Level {
  if (result !== undefined && result.score !== null)
    return { score: result.score, resampled: result.bootstrap ?? [] };
  const score = metric.noSkill;
  return { score, resampled: score === null ? [] : Array.from({ length: RESAMPLES.rounds }, () => score) };
}

/** Resampled gains over a level, higher is better, of the resamples in which both have a score. */
export function gainsOver(level: Level, resampled: (number | null)[], sign: number): number[] {
  return resampled.flatMap((score, round) => {
    const other = level.resampled[round] ?? null;
    return score === null || other === null ? [] : [sign * (score - other)];
  });
}

function singleOf(solved: Solved, results: Map<string, GradeResult>, sign: number): Single | null {
  const [single, strong] = [results.get("single"), results.get("strong")];
  const score = single?.score ?? null;
  if (score === null) return null;
  const differences = gainsOver({ score, resampled: single?.bootstrap ?? [] }, strong?.bootstrap ?? [], sign);
  return { model: solved.steps.find(({ step }) => step === "single")?.model ?? "", score, differences };
}

/**
 * The better of constant and random. One random draw may be lucky, so it must be better by two standard errors;
 * where the metric has a value without skill, chance has that value too.
 */
function trivialOf(
  manifest: Manifest,
  results: Map<string, GradeResult>,
  sign: number,
): "constant" | "random" {
  const [constant, random] = [results.get("constant"), results.get("random")];
  if (manifest.metric.noSkill !== null || random === undefined || random.score === null) return "constant";
  if (constant === undefined || constant.score === null) return "random";
  const other = constant.bootstrap ?? [];
  const differences = (random.bootstrap ?? []).flatMap((score, round) => {
    const paired = other[round];
    return score === null || paired === null || paired === undefined ? [] : [score - paired];
  });
  const error = differences.length < 20 ? 0 : 2 * deviation(differences);
  return sign * (random.score - constant.score) > error ? "random" : "constant";
}

function finite(values: (number | null)[] | null | undefined): number[] {
  return (values ?? []).filter((value): value is number => value !== null);
}

/**
 * The 95% percentile interval of the resampled scores (Efron and Tibshirani 1993, ch. 13), which keeps within a metric's
 * range; null with too few rounds.
 */
export function interval(resampled: number[]): [number, number] | null {
  if (resampled.length < 20) return null;
  const sorted = [...resampled].sort((a, b) => a - b);
  return [quantile(sorted, 0.025), quantile(sorted, 0.975)];
}

/** Linear interpolation between order statistics, as numpy's default. */
function quantile(sorted: number[], share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** Standard deviation of a sample. */
export function deviation(values: number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1),
  );
}

/** A step's score; null when it has none. */
export function scoreOf(context: LadderContext, name: LadderStep["name"]): number | null {
  return context.ladder.find((step) => step.name === name)?.score ?? null;
}

/** (strong − trivial) / (perfect − trivial), turned so that higher is better; null when one is missing. */
export function normalisedGain(context: LadderContext): number | null {
  const [trivial, strong, best] = [
    scoreOf(context, "trivial"),
    scoreOf(context, "strong"),
    context.manifest.metric.best,
  ];
  if (trivial === null || strong === null || best === trivial) return null;
  return (strong - trivial) / (best - trivial);
}
