import type { Manifest } from "../../../task/manifest.ts";
import { METRICS, type MetricName } from "../../../task/metrics/catalogue.ts";
import { compileMetric } from "../../../task/metrics/compile.ts";
import {
  type SubmissionTarget,
  submissionColumns,
  submissionKind,
} from "../../../task/metrics/submission.ts";
import { csv, type Draft, stream } from "./draft.ts";

/** A row of a table: cells by column. */
export type Row = Record<string, string>;

interface Plan {
  title: string;
  objective: Manifest["objective"];
  modality: string;
  metric: MetricName;
  target: SubmissionTarget;
  features: string[];
  rows: Row[];
  testRows: number;
  auxiliary?: string[];
  split?: Partial<Manifest["split"]>;
  media?: Manifest["media"];
  /** More public files. */
  files?: Map<string, string | Uint8Array>;
  seed?: number;
}

/** A sound package: the last `testRows` rows are the test, ids are shuffled numbers. */
export function draftOf(plan: Plan): Draft {
  const random = stream(plan.seed ?? 5);
  const { target, metric, features } = plan;
  const facts = METRICS[metric];
  const kind = submissionKind(metric, target);
  const columns = submissionColumns(metric, target);
  const auxiliary = plan.auxiliary ?? [];
  const ids = plan.rows.map((_, index) => String(index + 1)).sort(() => random() - 0.5);
  const rows = plan.rows.map((row, index): Row => ({ id: ids[index] ?? "", ...row }));
  const [train, test] = [rows.slice(0, -plan.testRows), rows.slice(-plan.testRows)];
  const table = (part: Row[], names: string[]) =>
    csv({ columns: names, rows: part.map((row) => names.map((name) => row[name] ?? "")) });
  const inTrain = [
    ...new Set([
      ...features,
      ...auxiliary.filter((name) => facts.auxiliary === "event" || features.includes(name)),
      ...target.columns,
    ]),
  ];
  const sample = test.map(
    (row): Row => ({
      id: row.id ?? "",
      ...Object.fromEntries(
        columns.map((name) => [name, sampleValue(kind, target, columns.length, train, random)]),
      ),
    }),
  );
  const example = csv({
    columns: ["id", ...columns],
    rows: sample.slice(0, 3).map((row) => ["id", ...columns].map((name) => row[name] ?? "")),
  });
  const files = new Map<string, string | Uint8Array>(plan.files ?? []);
  const description = describe(
    plan,
    facts.title,
    facts.higherIsBetter,
    [...(plan.files?.keys() ?? [])],
    example,
  );
  files.set("description.md", description);
  files.set("public/description.md", description);
  files.set("public/train.csv", table(train, ["id", ...inTrain]));
  files.set("public/test.csv", table(test, ["id", ...features]));
  files.set("public/sample_submission.csv", table(sample, ["id", ...columns]));
  files.set("private/test_answer.csv", table(test, ["id", ...target.columns, ...auxiliary]));
  files.set("prepare.py", PREPARE);
  files.set(
    "metric.py",
    compileMetric({
      title: plan.title,
      target,
      auxiliary,
      metric: { name: metric, parameters: facts.parameters },
    }),
  );
  return {
    files,
    manifest: {
      schema: "mle-smith/task@1",
      id: "test-task",
      title: plan.title,
      question: "What is asked of these rows is the value of the target.",
      objective: plan.objective,
      modality: plan.modality,
      category: "test",
      target: {
        columns: target.columns,
        kind: target.kind,
        labels: target.labels,
        unit: null,
        meaning: "the target",
      },
      submission: { id: "id", columns, kind },
      auxiliary,
      metric: {
        name: metric,
        title: facts.title,
        direction: facts.higherIsBetter ? "maximize" : "minimize",
        parameters: facts.parameters,
        best: facts.best,
        noSkill: facts.noSkill,
      },
      split: {
        strategy: "random",
        seed: 1,
        sizes: { train: train.length, test: test.length },
        groups: [],
        time: null,
        series: [],
        ...plan.split,
      },
      media: plan.media ?? null,
      features: features.map((name) => ({
        column: name,
        type: plan.rows.every((row) => Number.isFinite(Number(row[name]))) ? "number" : "string",
      })),
      budget: { seconds: 600, memoryMb: 4096, cpus: 1 },
      runtime: { python: "3.11", requirements: [] },
      lineage: { dataset: "test", fingerprint: "0", source: null, licence: null, redistributable: "unknown" },
      author: { kind: "rules", version: "1" },
    },
  };
}

function sampleValue(
  kind: string,
  target: SubmissionTarget,
  columns: number,
  train: Row[],
  random: () => number,
): string {
  const drawn = train[Math.floor(random() * train.length)]?.[target.name] ?? "";
  if (kind === "probabilities") return (1 / columns).toFixed(6);
  if (kind === "score" || kind === "scores") return random().toFixed(4);
  if (kind === "labels") return random() < 0.5 ? "1" : "0";
  return drawn;
}

function describe(plan: Plan, metric: string, up: boolean, files: string[], example: string): string {
  const folders = [...new Set(files.map((path) => path.replace(/^public\//, "").split("/")[0] ?? ""))];
  return `# ${plan.title}

## Overview
Measurements were taken and something was observed. Predict the observation from the measurements.

## Data
- \`train.csv\`: rows with the target.
- \`test.csv\`: rows without it.
- \`sample_submission.csv\`: a submission in the right format.
${folders.map((name) => `- \`${name}/\`: the files that the rows name.`).join("\n")}

## Evaluation
Submissions are scored by ${metric}. ${up ? "Higher" : "Lower"} is better.

## Submission format
One row for each row of \`test.csv\`:
\`\`\`csv
${example}\`\`\`
`;
}

const PREPARE = `from pathlib import Path

import numpy as np
import pandas as pd


def prepare(raw: Path, public: Path, private: Path) -> None:
    """Splits the raw table."""
    frame = pd.read_csv(raw / "data.csv")
    generator = np.random.default_rng(1)
    order = generator.permutation(len(frame))
    frame.iloc[order[:100]].to_csv(public / "train.csv", index=False)
    frame.iloc[order[100:]].to_csv(private / "test_answer.csv", index=False)
`;
