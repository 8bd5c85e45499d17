import { BadInputError } from "../../core/errors.ts";
import type { MetricName, SubmissionKind } from "./catalogue.ts";
import { METRICS, metricParameters } from "./catalogue.ts";
import { colliding, safeLabel } from "./labels.ts";
import { pythonString, pythonStrings } from "./python.ts";
import { splice } from "./splice.ts";
import { type SubmissionTarget, submissionColumns, submissionKind } from "./submission.ts";

/** What a metric.py is made from. */
export interface MetricSource {
  /** Title of the competition. */
  title: string;
  target: SubmissionTarget;
  /** The auxiliary columns of the answers: one for MASE (scale), concordance (event), NDCG and MAP (query). */
  auxiliary: string[];
  metric: { name: MetricName; parameters: Record<string, number | string> };
  /** Name of the id column, to refuse columns that clash with it. */
  id?: string;
}

/**
 * The text of a standalone `metric.py` (numpy and pandas only) in MLE-Dojo's format. Throws BadInputError when the
 * metric cannot grade the target, labels do not survive CSV, or names clash.
 */
export function compileMetric(source: MetricSource): string {
  const kind = submissionKind(source.metric.name, source.target);
  checkNames(source, kind);
  const plan = planOf(source, kind);
  const { imports, bodies } = splice(plan.modules);
  const facts = METRICS[source.metric.name];
  const standard = imports.filter((line) => /^(import|from) (re|sys|math)\b/.test(line)).sort();
  const constants = Object.entries(plan.constants).map(([name, text]) => `${name} = ${text}`);
  const values = Object.keys(plan.constants).filter((name) => name === "TARGET");
  const defaultValue =
    values.length > 0 ? "TARGET" : pythonString(source.target.columns.join(", ").slice(0, 200));
  const direction = facts.higherIsBetter ? "higher is better" : "lower is better";
  return `${[
    `"""Metric of the competition ${docstring(source.title)}: ${facts.title}, ${direction}."""`,
    "",
    ...standard,
    "from typing import Any",
    "",
    "import numpy as np",
    "import pandas as pd",
    "from mledojo.metrics.base import CompetitionMetrics, InvalidSubmissionError",
    "",
    ...constants,
    "",
    "",
    bodies.join("\n\n\n"),
    "",
    "",
    `class ${className(source.title)}(CompetitionMetrics):`,
    `    """${capital(facts.title)} of the predictions; ${direction}, ${facts.best} is perfect."""`,
    "",
    `    def __init__(self, value: str = ${defaultValue}, higher_is_better: bool = ${facts.higherIsBetter ? "True" : "False"}) -> None:`,
    "        super().__init__(higher_is_better)",
    "        self.value = value",
    "",
    "    def evaluate(self, y_true: pd.DataFrame, y_pred: pd.DataFrame) -> float:",
    '        """Score of the predictions; InvalidSubmissionError when they do not fit the answers."""',
    ...plan.evaluate.map((line) => `        ${line}`),
    "",
    "    def validate_submission(self, submission: Any, ground_truth: Any) -> str:",
    '        """Raises InvalidSubmissionError, saying what is wrong, unless the submission can be scored."""',
    `        ${plan.read("ground_truth", "submission")}`,
    '        return "Submission is valid."',
  ].join("\n")}\n`;
}

interface Plan {
  modules: string[];
  /** Python constants, name → expression. */
  constants: Record<string, string>;
  /** The call that reads and checks a submission. */
  read: (truth: string, submission: string) => string;
  evaluate: string[];
}

function planOf(source: MetricSource, kind: SubmissionKind): Plan {
  const { name } = source.metric;
  const parameters = metricParameters(name, source.metric.parameters);
  const target = { TARGET: pythonString(source.target.name) };
  const labels = { LABELS: pythonStrings(source.target.labels ?? []) };
  const shared = (file: string): string => `smith_task.metrics.shared.${file}`;
  const own = `smith_task.metrics.${name}`;
  const plan = (
    modules: string[],
    constants: Plan["constants"],
    call: string,
    evaluate: (read: string) => string[],
  ): Plan => {
    const read = (truth: string, submission: string): string =>
      call.replace("truth", truth).replace("submission", submission);
    return { modules, constants, read, evaluate: evaluate(read("y_true", "y_pred")) };
  };
  switch (kind) {
    case "label": {
      const more = name === "f1" ? ", positive=len(LABELS) - 1" : "";
      return plan(
        [shared("labels"), own],
        { ...target, ...labels },
        "read_labels(truth, submission, TARGET, LABELS)",
        (read) => [`truth, predicted = ${read}`, `return ${name}(truth, predicted${more})`],
      );
    }
    case "value": {
      const modules = [shared("values"), own];
      const read = "read_values(truth, submission, TARGET)";
      if (name === "mase") {
        const constants = { ...target, SCALE: pythonString(source.auxiliary[0] ?? "") };
        return plan(modules, constants, read, (call) => [
          `truth, predicted = ${call}`,
          "return bounded(mase(truth, predicted, true_numbers(y_true[SCALE])))",
        ]);
      }
      if (name === "pinball") {
        return plan(modules, { ...target, QUANTILE: String(parameters.quantile) }, read, (call) => [
          `truth, predicted = ${call}`,
          "return bounded(pinball(truth, predicted, QUANTILE))",
        ]);
      }
      return plan(modules, target, read, (call) => [
        `truth, predicted = ${call}`,
        `return bounded(${name}(truth, predicted))`,
      ]);
    }
    case "score":
      return scorePlan(source, plan, own, parameters);
    case "probabilities": {
      const read = "read_probabilities(truth, submission, TARGET, LABELS)";
      return plan([shared("probabilities"), own], { ...target, ...labels }, read, (call) => [
        `truth, probabilities = ${call}`,
        name === "roc_auc_macro"
          ? "return roc_auc_macro(np.eye(len(LABELS))[truth], probabilities)"
          : `return ${name}(truth, probabilities)`,
      ]);
    }
    case "labels":
    case "scores": {
      const constants = { TARGETS: pythonStrings(source.target.columns) };
      const [reader, file] =
        kind === "labels" ? ["read_label_sets", "label_sets"] : ["read_label_scores", "label_scores"];
      const score = name === "average_precision" ? "average_precision_macro" : name;
      return plan(
        [shared(file), `smith_task.metrics.${score}`],
        constants,
        `${reader}(truth, submission, TARGETS)`,
        (call) => [`known, predicted = ${call}`, `return ${score}(known, predicted)`],
      );
    }
  }
}

function scorePlan(
  source: MetricSource,
  plan: (
    modules: string[],
    constants: Plan["constants"],
    call: string,
    evaluate: (read: string) => string[],
  ) => Plan,
  own: string,
  parameters: Record<string, number | string>,
): Plan {
  const { name } = source.metric;
  const target = { TARGET: pythonString(source.target.name) };
  const auxiliary = pythonString(source.auxiliary[0] ?? "");
  if (source.target.kind === "relevance") {
    const score = name === "map" ? "mean_average_precision" : name;
    const constants = { ...target, QUERY: auxiliary, K: String(parameters.k) };
    return plan(
      ["smith_task.metrics.shared.ranking", own],
      constants,
      "read_rankings(truth, submission, TARGET, QUERY)",
      (read) => [`return ${score}(${read}, K)`],
    );
  }
  if (source.target.kind === "survival") {
    return plan(
      ["smith_task.metrics.shared.values", own],
      { ...target, EVENT: auxiliary },
      "read_values(truth, submission, TARGET)",
      (read) => [
        `duration, risk = ${read}`,
        "return concordance_index(duration, true_numbers(y_true[EVENT]) == 1, risk)",
      ],
    );
  }
  const constants = { ...target, LABELS: pythonStrings(source.target.labels ?? []) };
  return plan(
    ["smith_task.metrics.shared.binary", own],
    constants,
    "read_binary_scores(truth, submission, TARGET, LABELS)",
    (read) => [`positive, score = ${read}`, `return ${name}(positive, score)`],
  );
}

function checkNames(source: MetricSource, kind: SubmissionKind): void {
  const { target, auxiliary, metric } = source;
  const needed = METRICS[metric.name].auxiliary;
  if (auxiliary.length !== (needed === null ? 0 : 1)) {
    const wanted = needed === null ? "no auxiliary column" : `one auxiliary column (${needed})`;
    throw new BadInputError(
      `The metric ${metric.name} needs ${wanted} in the answers, not ${auxiliary.length}.`,
    );
  }
  if (["label", "score", "probabilities"].includes(kind) && target.labels !== null) {
    const unsafe = target.labels.filter((label) => !safeLabel(label));
    if (unsafe.length > 0)
      throw new BadInputError(
        `Labels that do not survive a CSV file: ${unsafe
          .slice(0, 5)
          .map((label) => JSON.stringify(label))
          .join(", ")}.`,
      );
    const clash = colliding(target.labels);
    if (clash)
      throw new BadInputError(
        `The labels ${JSON.stringify(clash[0])} and ${JSON.stringify(clash[1])} cannot be told apart once a CSV reader has typed them.`,
      );
  }
  const columns = submissionColumns(metric.name, target);
  const names = [...(source.id === undefined ? [] : [source.id]), ...columns];
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined)
    throw new BadInputError(`The submission would have two columns named ${JSON.stringify(repeated)}.`);
}

/** `Predict the price of a used car` → `PredictThePriceOfAMetrics`: at most five words, ASCII letters and digits. */
function className(title: string): string {
  const plain = title.normalize("NFKD").replace(/\p{M}/gu, "");
  const words = (plain.match(/[A-Za-z0-9]+/g) ?? []).filter(
    (word) => !/^(predict|the|a|an|of|in|on|for|and|to|is|whether|which|how)$/i.test(word),
  );
  const name = words.slice(0, 5).map(capital).join("").slice(0, 60);
  const start = /^[A-Za-z]/.test(name) ? name : `Task${name}`;
  return start === "Competition" ? "TaskCompetitionMetrics" : `${start}Metrics`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** A title inside a docstring: no quotes, backslashes or control characters that could end or change it. */
function docstring(text: string): string {
  return `“${text
    .replace(/["\\]/g, "'")
    .replace(/[\p{C}\s]+/gu, " ")
    .trim()
    .slice(0, 200)}”`;
}
