import type { Draft } from "../../verifiers/helpers/draft.ts";
import { textOf } from "../table.ts";
import type { MutantKind } from "./kind.ts";

const METRIC = "metric.py";
const PREPARE = "prepare.py";
const EVALUATE = /^( {4})def evaluate\(self, y_true\b[^\n]*$/m;
const VALIDATE = /^( {4})def validate_submission\(self, submission\b[^\n]*$/m;
const SIGNATURE = "def prepare(raw: Path, public: Path, private: Path) -> None:";

/** Python that stands around the metric's own methods, which are kept as `_score` and `_check`. */
export interface MetricCode {
  /** Imports and functions before the class. */
  top?: string;
  /** Body of `evaluate(self, y_true, y_pred)`, without indentation. */
  evaluate?: string;
  /** Body of `validate_submission(self, submission, ground_truth)`, without indentation. */
  validate?: string;
}

function indented(body: string, width: number): string {
  return body
    .trim()
    .split("\n")
    .map((line) => (line === "" ? "" : " ".repeat(width) + line))
    .join("\n");
}

/** Whether the package's metric has both methods in the class that ends its file. */
export function hasMetric(draft: Draft): boolean {
  if (!draft.files.has(METRIC)) return false;
  const text = textOf(draft, METRIC);
  const last = text.split("\n").findLast((line) => /^\S/.test(line)) ?? "";
  return EVALUATE.test(text) && VALIDATE.test(text) && last.startsWith("class ");
}

/** Puts code around the metric's methods. */
export function wrapMetric(draft: Draft, code: MetricCode): void {
  let text = textOf(draft, METRIC).trimEnd();
  if (code.evaluate !== undefined) {
    text = text.replace(EVALUATE, (line) => line.replace("evaluate", "_score"));
    const head = "    def evaluate(self, y_true: pd.DataFrame, y_pred: pd.DataFrame) -> float:";
    text += `\n\n${head}\n        """Score of the predictions."""\n${indented(code.evaluate, 8)}`;
  }
  if (code.validate !== undefined) {
    text = text.replace(VALIDATE, (line) => line.replace("validate_submission", "_check"));
    const head = "    def validate_submission(self, submission: Any, ground_truth: Any) -> str:";
    text += `\n\n${head}\n        """Raises InvalidSubmissionError unless the submission can be scored."""\n${indented(code.validate, 8)}`;
  }
  for (const line of ["import numpy as np", "import pandas as pd", "from typing import Any"]) {
    if (!text.includes(`\n${line}\n`)) text = text.replace(/^from mledojo/m, () => `${line}\nfrom mledojo`);
  }
  if (code.top !== undefined)
    text = text.replace(/^class \w+\(/m, (line) => `${code.top?.trim()}\n\n\n${line}`);
  draft.files.set(METRIC, `${text}\n`);
}

type Code = MetricCode | ((draft: Draft) => MetricCode);

/** A metric with code around it; the twin's code does nothing. */
export function metricKind(
  id: string,
  breaks: string,
  catalogue: string,
  spoilt: Code,
  sound: Code,
  also: (draft: Draft) => boolean = () => true,
): MutantKind {
  const code = (draft: Draft, given: Code): MetricCode =>
    typeof given === "function" ? given(draft) : given;
  return {
    id,
    breaks,
    catalogue,
    applies: (draft) => hasMetric(draft) && also(draft),
    mutate: (draft) => wrapMetric(draft, code(draft, spoilt)),
    twin: (draft) => wrapMetric(draft, code(draft, sound)),
  };
}

/** Whether the package's prepare.py has the function that it must have. */
export function hasPrepare(draft: Draft): boolean {
  return draft.files.has(PREPARE) && textOf(draft, PREPARE).includes(`\n${SIGNATURE}\n`);
}

/** Puts code around `prepare`, which is kept as `make_files`; `imports` come after those of the file. */
export function wrapPrepare(draft: Draft, body: string, imports: string[] = [], top = ""): void {
  let text = textOf(draft, PREPARE).replace(
    `\n${SIGNATURE}\n`,
    () => `\n${SIGNATURE.replace("prepare", "make_files")}\n`,
  );
  for (const line of imports) {
    if (!text.includes(`\n${line}\n`)) {
      text = text.replace("\nfrom pathlib import Path\n", () => `\n${line}\nfrom pathlib import Path\n`);
    }
  }
  const doc = '    """Writes the files of the task."""';
  const head = top === "" ? "" : `\n\n${top.trim()}\n`;
  draft.files.set(PREPARE, `${text.trimEnd()}\n${head}\n\n${SIGNATURE}\n${doc}\n${indented(body, 4)}\n`);
}

/** Python's literal for a text or a list of texts. */
export function literal(value: string | string[]): string {
  return JSON.stringify(value);
}

/** The metric file's text, changed; a change that changes nothing is an error. */
export function editProgram(draft: Draft, path: string, change: (text: string) => string): void {
  const before = textOf(draft, path);
  const after = change(before);
  if (after === before) throw new Error(`nothing to change in ${path}`);
  draft.files.set(path, after);
}
