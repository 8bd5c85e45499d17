import { readFileSync } from "node:fs";
import type { DatasetFacts } from "../dataset-facts.ts";
import type { Manifest } from "../manifest.ts";
import { METRICS, metricParameters } from "../metrics/catalogue.ts";
import type { ManifestDraft } from "../package/assemble.ts";
import { taskId } from "../package/task-id.ts";
import type { PreparedReport } from "../prepared-report.ts";
import type { Plan } from "./plan.ts";

const requirements = new URL("../../sandbox/image/requirements.txt", import.meta.url);

/** Packages of the reference runtime that a solver can count on, with their versions. */
const OFFERED = /^(numpy|pandas|scikit-learn|scipy|lightgbm|pyarrow|pillow|soundfile)==/;

/** The manifest of a specification's package, from what was planned and measured. */
export function draftManifest(
  plan: Plan,
  facts: { report: PreparedReport; dataset: DatasetFacts; author: Manifest["author"] },
): ManifestDraft {
  const { specification } = plan;
  const { target, split } = specification;
  const metric = METRICS[specification.metric.name];
  const names = new Map(plan.features.map(({ view, name }) => [view, name]));
  const named = (column: string) => names.get(column) ?? column;
  return {
    schema: "mle-smith/task@1",
    id: taskId(facts.dataset, { target: target.name, content: specification }, split.seed, facts.author),
    title: specification.title,
    question: specification.question,
    objective: specification.objective,
    modality: specification.modality,
    category: specification.category,
    target: {
      columns: plan.targets,
      kind: target.kind,
      labels: plan.truth.labels,
      unit: target.unit,
      meaning: target.meaning,
    },
    submission: { id: "id", ...plan.submission },
    auxiliary: plan.auxiliary,
    metric: {
      name: specification.metric.name,
      title: metric.title,
      direction: metric.higherIsBetter ? "maximize" : "minimize",
      parameters: metricParameters(specification.metric.name, specification.metric.parameters),
      best: metric.best,
      noSkill: metric.noSkill,
    },
    split: {
      strategy: split.strategy,
      seed: split.seed,
      sizes: sizesOf(facts.report),
      groups: split.groups.map(named),
      time: split.time === null ? null : named(split.time),
      series: split.series.map(named),
    },
    media: plan.media && { column: plan.media.name, kind: plan.media.kind },
    features: featureTypes(facts.report),
    ...shared(facts.dataset, facts.author),
  };
}

/** Rows of train and test, as measured. */
export function sizesOf(report: PreparedReport): { train: number; test: number } {
  const rows = (name: string) => report.tables.find(({ path }) => path === `public/${name}.csv`)?.rows ?? 0;
  return { train: rows("train"), test: rows("test") };
}

/** Columns of test.csv after the id, with their types as measured on train where they are there too. */
export function featureTypes(report: PreparedReport): Manifest["features"] {
  const columns = (name: string) =>
    report.tables.find(({ path }) => path === `public/${name}.csv`)?.columns ?? [];
  const train = new Map(columns("train").map(({ name, type }) => [name, type]));
  return columns("test")
    .slice(1)
    .map(({ name, type }) => ({ column: name, type: train.get(name) ?? type }));
}

/** What every manifest says alike: budget, runtime, lineage, author. */
export function shared(
  dataset: DatasetFacts,
  author: Manifest["author"],
): Pick<Manifest, "budget" | "runtime" | "lineage" | "author"> {
  return {
    budget: { seconds: 600, memoryMb: 4096, cpus: 2 },
    runtime: referenceRuntime(),
    lineage: {
      dataset: dataset.name,
      fingerprint: dataset.fingerprint,
      source: dataset.source,
      licence: dataset.licence,
      redistributable: dataset.redistributable,
    },
    author,
  };
}

/** The runtime that tasks of this version are made and verified on. */
export function referenceRuntime(): Manifest["runtime"] {
  const lines = readFileSync(requirements, "utf8").split("\n");
  return { python: "3.11", requirements: lines.filter((line) => OFFERED.test(line)) };
}
