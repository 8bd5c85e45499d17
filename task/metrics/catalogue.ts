import { z } from "zod";
import { BadInputError } from "../../core/errors.ts";
import type { Objective } from "../specification.ts";

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
  /** Of the usual target; `submissionKind` says it for a given one (ROC AUC macro: probabilities for classes). */
  submission: SubmissionKind;
  /** Formula in one line of Markdown/LaTeX for the description. */
  formula: string;
  /** No-skill value where a constant prediction has no defined value (correlation, concordance, AUC), else null. */
  noSkill: number | null;
  /** Parameters with their defaults, e.g. {k: 10}. */
  parameters: Record<string, number | string>;
  /** Objectives it can grade. */
  objectives: readonly Objective[];
  /** What the one auxiliary column of the answers holds, where the metric needs one. */
  auxiliary: "scale" | "event" | "query" | null;
}

const NUMBERS = ["regression", "forecasting", "rating_prediction"] as const;
const CLASSES = ["binary_classification", "multiclass_classification", "ordinal_classification"] as const;

/** The facts of every metric; `docs/metrics.md` says more. */
export const METRICS: Record<MetricName, MetricFacts> = {
  accuracy: metric("accuracy", "label", CLASSES, 1, "$\\frac{1}{n}\\sum_i [\\hat{y}_i = y_i]$"),
  balanced_accuracy: metric(
    "balanced accuracy",
    "label",
    CLASSES,
    1,
    "$\\frac{1}{|C|}\\sum_{c \\in C} \\frac{|\\{i : \\hat{y}_i = y_i = c\\}|}{|\\{i : y_i = c\\}|}$",
  ),
  macro_f1: metric(
    "macro-averaged F1",
    "label",
    CLASSES,
    1,
    "$\\frac{1}{|C|}\\sum_{c \\in C} \\frac{2\\,TP_c}{2\\,TP_c + FP_c + FN_c}$",
  ),
  f1: metric("F1", "label", ["binary_classification"], 1, "$\\frac{2\\,TP}{2\\,TP + FP + FN}$"),
  roc_auc: metric(
    "area under the ROC curve",
    "score",
    ["binary_classification"],
    1,
    "$P(s_+ > s_-) + \\tfrac{1}{2} P(s_+ = s_-)$",
    { noSkill: 0.5 },
  ),
  roc_auc_macro: metric(
    "macro-averaged area under the ROC curve",
    "scores",
    ["multilabel_classification", "multiclass_classification", "ordinal_classification"],
    1,
    "$\\frac{1}{|L|}\\sum_{l \\in L} \\mathrm{AUC}_l$",
    { noSkill: 0.5 },
  ),
  average_precision: metric(
    "average precision",
    "score",
    ["binary_classification", "multilabel_classification"],
    1,
    "$\\sum_t (R_t - R_{t-1})\\, P_t$",
  ),
  log_loss: metric("log loss", "probabilities", CLASSES, 0, "$-\\frac{1}{n}\\sum_i \\ln p_{i, y_i}$"),
  quadratic_weighted_kappa: metric(
    "quadratic weighted kappa",
    "label",
    ["ordinal_classification"],
    1,
    "$1 - \\frac{\\sum_{ab} (a-b)^2 O_{ab}}{\\sum_{ab} (a-b)^2 E_{ab}}$",
  ),
  matthews_correlation: metric(
    "Matthews correlation coefficient",
    "label",
    CLASSES,
    1,
    "$\\frac{c\\,n - \\sum_k t_k p_k}{\\sqrt{(n^2 - \\sum_k p_k^2)(n^2 - \\sum_k t_k^2)}}$",
    { noSkill: 0 },
  ),
  rmse: metric(
    "root mean squared error",
    "value",
    NUMBERS,
    0,
    "$\\sqrt{\\frac{1}{n}\\sum_i (\\hat{y}_i - y_i)^2}$",
  ),
  mae: metric("mean absolute error", "value", NUMBERS, 0, "$\\frac{1}{n}\\sum_i |\\hat{y}_i - y_i|$"),
  rmsle: metric(
    "root mean squared logarithmic error",
    "value",
    NUMBERS,
    0,
    "$\\sqrt{\\frac{1}{n}\\sum_i (\\ln(1 + \\hat{y}_i) - \\ln(1 + y_i))^2}$",
  ),
  mape: metric(
    "mean absolute percentage error",
    "value",
    NUMBERS,
    0,
    "$\\frac{1}{n}\\sum_i \\frac{|\\hat{y}_i - y_i|}{|y_i|}$",
  ),
  smape: metric(
    "symmetric mean absolute percentage error",
    "value",
    NUMBERS,
    0,
    "$\\frac{1}{n}\\sum_i \\frac{2\\,|\\hat{y}_i - y_i|}{|\\hat{y}_i| + |y_i|}$",
  ),
  mase: metric(
    "mean absolute scaled error",
    "value",
    ["forecasting"],
    0,
    "$\\frac{1}{n}\\sum_i \\frac{|\\hat{y}_i - y_i|}{\\mathrm{scale}_i}$",
    { auxiliary: "scale" },
  ),
  r2: metric(
    "coefficient of determination (R²)",
    "value",
    NUMBERS,
    1,
    "$1 - \\frac{\\sum_i (\\hat{y}_i - y_i)^2}{\\sum_i (y_i - \\bar{y})^2}$",
  ),
  spearman: metric(
    "Spearman's rank correlation",
    "value",
    ["regression", "forecasting", "rating_prediction"],
    1,
    "$\\mathrm{corr}(\\mathrm{rank}(\\hat{y}), \\mathrm{rank}(y))$",
    { noSkill: 0 },
  ),
  pinball: metric(
    "pinball loss",
    "value",
    NUMBERS,
    0,
    "$\\frac{1}{n}\\sum_i \\max(q\\,(y_i - \\hat{y}_i),\\ (q - 1)(y_i - \\hat{y}_i))$",
    { parameters: { quantile: 0.9 } },
  ),
  concordance_index: metric(
    "concordance index",
    "score",
    ["survival"],
    1,
    "$\\frac{|\\{(i,j) : r_i > r_j\\}| + \\frac{1}{2}|\\{(i,j) : r_i = r_j\\}|}{|\\{(i,j)\\}|}$ over comparable pairs",
    { noSkill: 0.5, auxiliary: "event" },
  ),
  ndcg: metric(
    "normalised discounted cumulative gain",
    "score",
    ["ranking"],
    1,
    "$\\frac{1}{|Q|}\\sum_{q \\in Q} \\frac{\\mathrm{DCG}_q@k}{\\mathrm{IDCG}_q@k}$ with $\\mathrm{DCG}@k = \\sum_{j \\le k} \\frac{2^{rel_j} - 1}{\\log_2(j + 1)}$",
    { parameters: { k: 10 }, auxiliary: "query" },
  ),
  map: metric(
    "mean average precision",
    "score",
    ["ranking"],
    1,
    "$\\frac{1}{|Q|}\\sum_{q \\in Q} \\frac{1}{\\min(k, R_q)} \\sum_{j \\le k} P_q(j)\\,[rel_j > 0]$",
    { parameters: { k: 10 }, auxiliary: "query" },
  ),
  hamming: metric(
    "Hamming loss",
    "labels",
    ["multilabel_classification"],
    0,
    "$\\frac{1}{n\\,|L|}\\sum_i \\sum_{l \\in L} [\\hat{y}_{il} \\ne y_{il}]$",
  ),
  micro_f1: metric(
    "micro-averaged F1",
    "labels",
    ["multilabel_classification"],
    1,
    "$\\frac{2\\,TP}{2\\,TP + FP + FN}$ with the counts of all labels added",
  ),
};

/** The metrics that can grade an objective, in the order of the catalogue. */
export function metricsFor(objective: Objective): MetricName[] {
  return MetricName.options.filter((name) => METRICS[name].objectives.includes(objective));
}

/** A metric's parameters, defaults filled in; throws BadInputError for an unknown or impossible one. */
export function metricParameters(
  name: MetricName,
  given: Record<string, number | string>,
): Record<string, number | string> {
  const { parameters } = METRICS[name];
  for (const key of Object.keys(given)) {
    if (!(key in parameters)) throw new BadInputError(`The metric ${name} has no parameter "${key}".`);
  }
  const all = { ...parameters, ...given };
  const { k, quantile } = all;
  if (k !== undefined && !(typeof k === "number" && Number.isInteger(k) && k >= 1)) {
    throw new BadInputError(`k of ${name} must be a whole number of at least 1, not ${k}.`);
  }
  if (quantile !== undefined && !(typeof quantile === "number" && quantile > 0 && quantile < 1)) {
    throw new BadInputError(`quantile of ${name} must lie between 0 and 1, not ${quantile}.`);
  }
  return all;
}

function metric(
  title: string,
  submission: SubmissionKind,
  objectives: readonly Objective[],
  best: 0 | 1,
  formula: string,
  more: Partial<Pick<MetricFacts, "noSkill" | "parameters" | "auxiliary">> = {},
): MetricFacts {
  return {
    title,
    higherIsBetter: best === 1,
    best,
    submission,
    formula,
    noSkill: more.noSkill ?? null,
    parameters: more.parameters ?? {},
    objectives,
    auxiliary: more.auxiliary ?? null,
  };
}
