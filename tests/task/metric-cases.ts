import { METRICS, type MetricName } from "../../task/metrics/catalogue.ts";
import { compileMetric } from "../../task/metrics/compile.ts";
import { type SubmissionTarget, submissionColumns, submissionKind } from "../../task/metrics/submission.ts";

/** One task's worth of metric: what the Python properties need to know of it, and its compiled file. */
export interface MetricCase {
  name: string;
  file: string;
  code: string;
  metric: MetricName;
  parameters: Record<string, number | string>;
  target: { columns: string[]; kind: string; labels: string[] | null };
  submission: { columns: string[]; kind: string };
  auxiliary: string[];
  best: number;
  higherIsBetter: boolean;
}

const category = (labels: string[]): SubmissionTarget => ({
  name: "outcome",
  kind: "category",
  labels,
  columns: ["outcome"],
});
const multilabel: SubmissionTarget = {
  name: "tags",
  kind: "multilabel",
  labels: null,
  columns: ["rock", "jazz & blues", "3"],
};
const binary = category(["no", "yes"]);
const classes = category(["setosa", "rouge, «foncé»", 'it\'s "quoted"', "d"]);
const numeric = category(["1", "2.50", "10", "-3"]);
const levels: SubmissionTarget = {
  name: "grade",
  kind: "ordinal",
  labels: ["low", "middle", "high", "top"],
  columns: ["grade"],
};
const stars: SubmissionTarget = {
  name: "stars",
  kind: "ordinal",
  labels: ["1", "2", "3", "4", "5"],
  columns: ["stars"],
};
const number: SubmissionTarget = { name: "price", kind: "number", labels: null, columns: ["price"] };
const relevance: SubmissionTarget = {
  name: "relevance",
  kind: "relevance",
  labels: null,
  columns: ["relevance"],
};
const survival: SubmissionTarget = { name: "months", kind: "survival", labels: null, columns: ["months"] };

const CASES: [MetricName, SubmissionTarget, string[]?, Record<string, number>?][] = [
  ["accuracy", classes],
  ["accuracy", numeric],
  ["accuracy", category(["False", "True"])],
  ["accuracy", category(["1", "none", "TRUE", "0.5"])],
  ["balanced_accuracy", classes],
  ["macro_f1", numeric],
  ["f1", binary],
  ["f1", category(["0", "1"])],
  ["roc_auc", binary],
  ["roc_auc", category(["False", "True"])],
  ["roc_auc_macro", multilabel],
  ["roc_auc_macro", classes],
  ["average_precision", binary],
  ["average_precision", multilabel],
  ["log_loss", binary],
  ["log_loss", numeric],
  ["quadratic_weighted_kappa", levels],
  ["quadratic_weighted_kappa", stars],
  ["matthews_correlation", classes],
  ["matthews_correlation", binary],
  ["rmse", number],
  ["mae", number],
  ["rmsle", number],
  ["mape", number],
  ["smape", number],
  ["mase", number, ["scale"]],
  ["r2", number],
  ["spearman", number],
  ["pinball", number],
  ["pinball", number, [], { quantile: 0.1 }],
  ["concordance_index", survival, ["died"]],
  ["ndcg", relevance, ["query"]],
  ["ndcg", relevance, ["query"], { k: 2 }],
  ["map", relevance, ["query"], { k: 3 }],
  ["map", relevance, ["query"]],
  ["hamming", multilabel],
  ["micro_f1", multilabel],
];

/** Every metric of the catalogue on the targets that it can grade. */
export function metricCases(): MetricCase[] {
  return CASES.map(([metric, target, auxiliary = [], parameters = {}], index) => ({
    name: `${metric} on ${target.kind} ${index}`,
    file: `case_${index}.py`,
    code: compileMetric({
      title: `Case ${index} of "${metric}"`,
      id: "id",
      target,
      auxiliary,
      metric: { name: metric, parameters },
    }),
    metric,
    parameters: { ...METRICS[metric].parameters, ...parameters },
    target: { columns: target.columns, kind: target.kind, labels: target.labels },
    submission: { columns: submissionColumns(metric, target), kind: submissionKind(metric, target) },
    auxiliary,
    best: METRICS[metric].best,
    higherIsBetter: METRICS[metric].higherIsBetter,
  }));
}
