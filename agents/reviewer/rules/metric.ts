import type { Objective, Specification } from "../../../task/specification.ts";

/** Metrics that judge each objective as it is meant. */
const SUITED: Record<Objective, readonly string[]> = {
  binary_classification: [
    "roc_auc",
    "average_precision",
    "f1",
    "log_loss",
    "matthews_correlation",
    "balanced_accuracy",
    "accuracy",
  ],
  multiclass_classification: [
    "accuracy",
    "balanced_accuracy",
    "macro_f1",
    "log_loss",
    "roc_auc_macro",
    "matthews_correlation",
  ],
  ordinal_classification: ["quadratic_weighted_kappa", "mae", "macro_f1", "accuracy"],
  multilabel_classification: ["roc_auc_macro", "micro_f1", "macro_f1", "hamming", "average_precision", "map"],
  regression: ["rmse", "mae", "rmsle", "mape", "smape", "r2", "spearman", "pinball"],
  forecasting: ["mae", "rmse", "rmsle", "mape", "smape", "mase", "pinball"],
  rating_prediction: ["rmse", "mae", "spearman", "quadratic_weighted_kappa"],
  ranking: ["ndcg", "map"],
  survival: ["concordance_index"],
};

export function metricSuits(specification: Specification): { suits: boolean; reason: string } {
  const { objective, metric, target } = specification;
  if (!SUITED[objective].includes(metric.name))
    return { suits: false, reason: `${metric.name} does not judge ${objective.replaceAll("_", " ")}` };
  if (target.kind === "count" && metric.name === "mape")
    return { suits: false, reason: "counts may be zero, where a percentage error has no meaning" };
  return { suits: true, reason: `${metric.name} judges ${objective.replaceAll("_", " ")}` };
}
