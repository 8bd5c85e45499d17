import { z } from "zod";

/** Every metric that the vocabulary names. What each means exactly is fixed in `docs/metrics.md`. */
export const MetricName = z.enum([
  "accuracy",
  "balanced_accuracy",
  "macro_f1",
  "f1",
  "roc_auc",
  "roc_auc_macro",
  "average_precision",
  "log_loss",
  "quadratic_weighted_kappa",
  "matthews_correlation",
  "rmse",
  "mae",
  "rmsle",
  "mape",
  "smape",
  "mase",
  "r2",
  "spearman",
  "pinball",
  "concordance_index",
  "ndcg",
  "map",
  "hamming",
  "micro_f1",
]);
export type MetricName = z.infer<typeof MetricName>;

/** What a submission holds for each test row. */
export type SubmissionKind =
  | "label" // one of the target's labels, in a column named as the target
  | "score" // one real number (probability of the positive class, relevance, risk), in a column named as the target
  | "probabilities" // one probability per label, in columns named by the labels
  | "value" // a number in the target's unit
  | "labels" // multi-label: 0 or 1 in each target column
  | "scores"; // multi-label: a score in each target column

export interface MetricFacts {
  /** As people write it: "macro-averaged F1". */
  title: string;
  higherIsBetter: boolean;
  /** Score of a perfect submission. */
  best: number;
  submission: SubmissionKind;
  /** Formula in one line of Markdown/LaTeX for the description. */
  formula: string;
  /** No-skill value where a constant prediction has no defined value (correlation, concordance, AUC), else null. */
  noSkill: number | null;
  /** Parameters with their defaults, e.g. {k: 10}. */
  parameters: Record<string, number | string>;
}
