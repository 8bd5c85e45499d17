import { pythonString } from "../metrics/python.ts";

/**
 * A `metric.py` around mle-bench's `grade(submission, answers)`. `modules` are texts by name: `grade`, its neighbours, and
 * full names of mle-bench's own modules. As there, whatever `grade` raises refuses the submission, and scores are rounded
 * to five decimals. Small stand-ins take the place of mle-bench's modules that only log and read files.
 */
export function wrapGrade(modules: Record<string, string>): string {
  const named = Object.entries({ ...STAND_INS, ...modules }).map(
    ([name, text]) =>
      `    ${pythonString(name.startsWith("mlebench") ? name : `competition.${name}`)}: ${pythonString(text)},`,
  );
  return `"""The grade function of a mle-bench competition as a metric of MLE-Dojo's form."""

import importlib.abc
import importlib.util
import sys
from typing import Any

import pandas as pd
from mledojo.metrics.base import CompetitionMetrics, InvalidSubmissionError

SOURCES = {
${named.join("\n")}
}
PACKAGES = {"mlebench", "mlebench.competitions", "competition"}


class Sources(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Finds the modules that this file holds as texts."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name in SOURCES or name in PACKAGES:
            return importlib.util.spec_from_loader(name, self, is_package=name in PACKAGES)
        return None

    def get_source(self, name: str) -> str:
        return SOURCES.get(name, "")

    def is_package(self, name: str) -> bool:
        return name in PACKAGES


sys.meta_path.insert(0, Sources())
from competition.grade import grade  # noqa: E402


class MleBenchMetrics(CompetitionMetrics):
    """Scores as mle-bench does."""

    def __init__(self, value: str = "target", higher_is_better: bool = True) -> None:
        super().__init__(higher_is_better)
        self.value = value

    def evaluate(self, y_true: pd.DataFrame, y_pred: pd.DataFrame) -> float:
        return round(float(grade(y_pred, answers_of(y_true))), 5)

    def validate_submission(self, submission: Any, ground_truth: Any) -> str:
        try:
            grade(submission.copy(), answers_of(ground_truth))
        except Exception as error:
            raise InvalidSubmissionError(f"{type(error).__name__}: {error}") from error
        return "Submission is valid."


def answers_of(truth: pd.DataFrame) -> pd.DataFrame:
    """The answers in the shape that grade knows: one column for each label where the competition has them so."""
    if not ONE_HOT:
        return truth.copy()
    texts = truth[ONE_HOT_TARGET].astype(str)
    flags = pd.DataFrame({name: (texts == name).astype(int) for name in ONE_HOT})
    return pd.concat([truth.drop(columns=[ONE_HOT_TARGET]), flags], axis=1)


ONE_HOT: list[str] = []
ONE_HOT_TARGET = ""
`;
}

/** The wrapped metric for answers that the import turned from one column for each label into one of labels. */
export function withOneHot(metric: string, target: string, labels: string[]): string {
  return metric.replace(
    /ONE_HOT: list\[str\] = \[\]\nONE_HOT_TARGET = ""\n$/,
    () => `ONE_HOT: list[str] = ${JSON.stringify(labels)}\nONE_HOT_TARGET = ${pythonString(target)}\n`,
  );
}

const STAND_INS: Record<string, string> = {
  "mlebench.grade_helpers":
    'class InvalidSubmissionError(Exception):\n    """A submission that cannot be graded."""\n',
  "mlebench.utils": `import logging
import pandas as pd


def get_logger(name, *_, **__):
    return logging.getLogger(name)


def read_csv(*given, **named):
    return pd.read_csv(*given, float_precision="round_trip", **named)
`,
};
