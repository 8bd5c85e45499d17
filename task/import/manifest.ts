import { createHash } from "node:crypto";
import { shared } from "../compile/manifest-draft.ts";
import type { Manifest } from "../manifest.ts";
import type { ManifestDraft } from "../package/assemble.ts";
import type { ForeignTask, ImportOptions } from "./foreign-task.ts";
import type { Question } from "./import-task.ts";

/** The manifest of a foreign task, from what was found in its tables and what the user said. */
export function draftForeign(
  task: ForeignTask,
  options: ImportOptions,
  found: {
    question: Question;
    media: Manifest["media"];
    sizes: { train: number; test: number };
    metric: Manifest["metric"];
    fingerprint: string;
  },
): ManifestDraft {
  const { question, media, sizes, metric, fingerprint } = found;
  const { groups = [], time = null } = options;
  return {
    schema: "mle-smith/task@1",
    id: foreignId(task.name, fingerprint),
    title: task.name.slice(0, 200),
    question: `What ${task.name.slice(0, 200)} asks for.`,
    objective: objectiveOf(question),
    modality: media?.kind ?? "tabular",
    category: "imported",
    target: {
      columns: question.targets,
      kind: question.kind,
      labels: question.labels,
      unit: null,
      meaning: question.targets.join(", ").slice(0, 200),
    },
    submission: { id: question.id, columns: question.columns, kind: question.submission },
    auxiliary: question.auxiliary,
    metric,
    split: {
      strategy: groups.length > 0 ? "group" : time === null ? "random" : "time",
      seed: 0,
      sizes,
      groups,
      time,
      series: [],
    },
    media,
    features: [],
    ...shared(
      {
        name: task.name,
        title: task.name,
        fingerprint,
        source: null,
        licence: null,
        licenceText: null,
        redistributable: "unknown",
      },
      { kind: "rules", version: `import of ${task.format}` },
    ),
  };
}

function objectiveOf({ kind, labels }: Question): Manifest["objective"] {
  if (kind === "category")
    return labels?.length === 2 ? "binary_classification" : "multiclass_classification";
  const objectives: Partial<Record<Question["kind"], Manifest["objective"]>> = {
    number: "regression",
    count: "regression",
    ordinal: "ordinal_classification",
    multilabel: "multilabel_classification",
    relevance: "ranking",
    survival: "survival",
  };
  return objectives[kind] ?? "other";
}

/** Words of the name, and a part of the hash of what was published. */
function foreignId(name: string, fingerprint: string): string {
  const words =
    name
      .toLowerCase()
      .match(/[a-z0-9]+/g)
      ?.join("-")
      .slice(0, 60) ?? "task";
  return `${words}-${createHash("sha256").update(`${name}\n${fingerprint}`).digest("hex").slice(0, 8)}`;
}
