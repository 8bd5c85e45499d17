import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { openDataset } from "../../dataset/open.ts";
import { Modality } from "../../dataset/survey.ts";
import type { TreeReference } from "../../sandbox/job.ts";
import { featureTypes, shared, sizesOf } from "../../task/compile/manifest-draft.ts";
import type { DatasetFacts } from "../../task/dataset-facts.ts";
import { attributionText } from "../../task/description/attribution.ts";
import { Manifest } from "../../task/manifest.ts";
import { METRICS, MetricName, metricParameters } from "../../task/metrics/catalogue.ts";
import { compileMetric } from "../../task/metrics/compile.ts";
import { submissionColumns, submissionKind } from "../../task/metrics/submission.ts";
import { assemblePackage } from "../../task/package/assemble.ts";
import { taskId } from "../../task/package/task-id.ts";
import { runPrepare, type TaskServices } from "../../task/prepare.ts";
import { Objective } from "../../task/specification.ts";

/**
 * Comparators: tasks packaged by hand, from the question that people ask of a dataset. Each folder here holds what a
 * person wrote: `task.yaml`, `prepare.py`, `description.md`, and `metric.py` where it is not the catalogue's. The checks must
 * accept them, but for the few whose `unsound` says why they must not.
 */

const { split, target, media } = Manifest.shape;

/** `task.yaml`: what no program can measure. */
const HandTask = z.strictObject({
  /** The dataset's folder in this repository, or else in the corpus. */
  data: z.union([z.strictObject({ here: z.string() }), z.strictObject({ corpus: z.string() })]),
  /** For a question that people ask and that is no sound task: the check that refuses it, and why it is right. */
  unsound: z.strictObject({ check: z.string(), why: z.string() }).optional(),
  title: z.string(),
  question: z.string(),
  objective: Objective,
  modality: Modality,
  category: z.string(),
  target: target.extend({
    kind: z.enum(["number", "count", "category", "ordinal", "multilabel", "relevance", "survival"]),
  }),
  metric: z.strictObject({
    name: MetricName,
    parameters: Manifest.shape.metric.shape.parameters.default({}),
  }),
  split: split.omit({ sizes: true }).extend({
    groups: split.shape.groups.default([]),
    time: split.shape.time.default(null),
    series: split.shape.series.default([]),
  }),
  media: media.default(null),
  source: z.string(),
  licence: z.string(),
});

export interface Comparator {
  name: string;
  task: z.infer<typeof HandTask>;
  /** The dataset; null where it lies in a corpus and none was given. */
  raw: string | null;
}

const ROOT = join(import.meta.dirname, "../..");

/** All comparators; the data of those of a corpus are found where its folder is given. Throws ZodError for a `task.yaml` that is none. */
export async function comparators(corpus?: string): Promise<Comparator[]> {
  const names = readdirSync(import.meta.dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return await Promise.all(
    names.map(async (name) => {
      const task = HandTask.parse(
        parse(await readFile(join(import.meta.dirname, name, "task.yaml"), "utf8")),
      );
      if ("here" in task.data) return { name, task, raw: join(ROOT, task.data.here) };
      const raw = corpus === undefined ? null : join(corpus, task.data.corpus);
      return { name, task, raw: raw !== null && existsSync(raw) ? raw : null };
    }),
  );
}

/** A package in the store, and the raw data that it was prepared from. */
export interface BuiltComparator {
  tree: TreeReference;
  raw: TreeReference;
}

/** Prepares the data in the sandbox and puts the package together as publishing does. Throws Error when `prepare.py` fails. */
export async function buildComparator(
  comparator: Comparator,
  services: TaskServices,
): Promise<BuiltComparator> {
  const { name, task } = comparator;
  if (comparator.raw === null) throw new Error(`The data of ${name} are not at hand.`);
  const read = (file: string) => readFile(join(import.meta.dirname, name, file), "utf8");
  const [prepare, description] = await Promise.all([read("prepare.py"), read("description.md")]);
  const opened = await openDataset(comparator.raw, services);
  const prepared = await runPrepare({ prepare, raw: opened.raw }, services);
  if (!prepared.ok) throw new Error(`prepare.py of ${name}: ${prepared.problem}: ${prepared.reason}`);

  const dataset: DatasetFacts = {
    name,
    title: task.title,
    fingerprint: opened.fingerprint,
    source: task.source,
    licence: task.licence,
    licenceText: null,
    redistributable: "unknown",
  };
  const metric = METRICS[task.metric.name];
  const truth = { ...task.target, name: task.target.columns[0] ?? "" };
  const auxiliary = metric.auxiliary === null ? [] : [metric.auxiliary];
  const author = { kind: "hand" } as const;
  const byHand = existsSync(join(import.meta.dirname, name, "metric.py"));
  const tree = await assemblePackage(
    {
      prepared: prepared.tree,
      prepare,
      description,
      metric: byHand
        ? await read("metric.py")
        : compileMetric({ title: task.title, target: truth, auxiliary, metric: task.metric, id: "id" }),
      attribution: attributionText(dataset),
      manifest: {
        schema: "mle-smith/task@1",
        id: taskId(dataset, { target: truth.name, content: task }, task.split.seed, author),
        title: task.title,
        question: task.question,
        objective: task.objective,
        modality: task.modality,
        category: task.category,
        target: task.target,
        submission: {
          id: "id",
          columns: submissionColumns(task.metric.name, truth),
          kind: submissionKind(task.metric.name, truth),
        },
        auxiliary,
        metric: {
          name: task.metric.name,
          title: metric.title,
          direction: metric.higherIsBetter ? "maximize" : "minimize",
          parameters: metricParameters(task.metric.name, task.metric.parameters),
          best: metric.best,
          noSkill: metric.noSkill,
        },
        split: { ...task.split, sizes: sizesOf(prepared.report) },
        media: task.media,
        features: featureTypes(prepared.report),
        ...shared(dataset, author),
      },
    },
    services.store,
  );
  return { tree, raw: opened.raw };
}
