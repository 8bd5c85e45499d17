import { BadInputError } from "../../core/errors.ts";
import type { MetricName, SubmissionKind } from "./catalogue.ts";
import { METRICS } from "./catalogue.ts";

/** What is needed of a target to say what a submission holds. */
export interface SubmissionTarget {
  /** Name of the target column; a multi-label target has `columns` instead. */
  name: string;
  kind: "number" | "count" | "category" | "ordinal" | "multilabel" | "relevance" | "survival";
  /** Classes as written in the package; ordinal: in order; binary: the positive one last. */
  labels: string[] | null;
  /** Columns of the answers that hold the truth: `[name]`, or one per label for a multi-label target. */
  columns: string[];
}

const FITTING: Record<SubmissionTarget["kind"], readonly SubmissionKind[]> = {
  number: ["value"],
  count: ["value"],
  category: ["label", "score", "probabilities"],
  ordinal: ["label", "score", "probabilities"],
  multilabel: ["labels", "scores"],
  relevance: ["score"],
  survival: ["score"],
};

/** What a submission holds for this metric and target; BadInputError when the metric cannot grade such a target. */
export function submissionKind(
  metric: MetricName,
  target: Pick<SubmissionTarget, "kind" | "labels">,
): SubmissionKind {
  const { submission, auxiliary } = METRICS[metric];
  const kind = usualKind(metric, submission, target.kind);
  const needs = target.kind === "relevance" ? "query" : target.kind === "survival" ? "event" : null;
  const fits =
    FITTING[target.kind].includes(kind) &&
    (needs === null ? auxiliary === null || auxiliary === "scale" : auxiliary === needs);
  if (!fits) throw new BadInputError(`The metric ${metric} cannot grade a target of kind ${target.kind}.`);
  if (["label", "score", "probabilities"].includes(kind) && needs === null) {
    const labels = target.labels?.length ?? 0;
    if (labels < 2) throw new BadInputError(`The metric ${metric} needs a target with at least two labels.`);
    if (labels !== 2 && (metric === "f1" || kind === "score")) {
      throw new BadInputError(
        `The metric ${metric} needs a target with exactly two labels, the positive one last; this one has ${labels}.`,
      );
    }
  }
  return kind;
}

function usualKind(
  metric: MetricName,
  usual: SubmissionKind,
  target: SubmissionTarget["kind"],
): SubmissionKind {
  if (metric === "roc_auc_macro" && target !== "multilabel") return "probabilities";
  if (metric === "average_precision" && target === "multilabel") return "scores";
  return usual;
}

/** Columns of a submission after the id, in order. */
export function submissionColumns(metric: MetricName, target: SubmissionTarget): string[] {
  switch (submissionKind(metric, target)) {
    case "label":
    case "score":
    case "value":
      return [target.name];
    case "probabilities":
      return target.labels ?? [];
    case "labels":
    case "scores":
      return target.columns;
  }
}
