import { BadInputError } from "../../core/errors.ts";
import type { MetricName, SubmissionKind } from "./catalogue.ts";
import { METRICS } from "./catalogue.ts";
import { colliding, safeLabel } from "./labels.ts";
import { planOf } from "./plan.ts";
import { pythonString } from "./python.ts";
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
  const read = (...tables: string[]): string =>
    `${plan.reader}(${[...tables, ...plan.readerConstants].join(", ")})`;
  const { imports, bodies } = splice(plan.modules);
  const facts = METRICS[source.metric.name];
  const standard = imports.filter((line) => /^(import|from) (re|sys|math)\b/.test(line)).sort();
  const constants = Object.entries(plan.constants).map(([name, text]) => `${name} = ${text}`);
  const defaultValue =
    "TARGET" in plan.constants ? "TARGET" : pythonString(source.target.columns.join(", ").slice(0, 200));
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
    `        ${plan.parts.join(", ")} = ${read("y_true", "y_pred")}`,
    `        return ${plan.score}`,
    "",
    "    def validate_submission(self, submission: Any, ground_truth: Any) -> str:",
    '        """Raises InvalidSubmissionError, saying what is wrong, unless the submission can be scored."""',
    `        ${read("ground_truth", "submission")}`,
    '        return "Submission is valid."',
  ].join("\n")}\n`;
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
