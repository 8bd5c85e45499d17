import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { csv, type Draft, readTable, type Table } from "../../verifiers/helpers/draft.ts";

/** Paths and texts of a folder that somebody else made. */
export type Files = Record<string, string | Uint8Array>;

export async function writeFolder(folder: string, files: Files): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

const text = (draft: Draft, path: string): string => {
  const found = draft.files.get(path);
  if (typeof found !== "string") throw new Error(`${path} is no text`);
  return found;
};

/** A draft as a competition of MLE-Dojo with its data below, its metric written as most of them are. */
export function asMleDojo(draft: Draft, metric: string, prepare = text(draft, "prepare.py")): Files {
  return {
    "utils/metric.py": metric,
    "utils/prepare.py": prepare,
    "info/description.txt": "What is asked, how it is scored.\n",
    "info/private_leaderboard.csv": "rank,score\n1,1.0\n2,0.5\n",
    "data/public/description.txt": "What is asked, how it is scored.\n",
    "data/public/train.csv": text(draft, "public/train.csv"),
    "data/public/test.csv": text(draft, "public/test.csv"),
    "data/public/sample_submission.csv": text(draft, "public/sample_submission.csv"),
    "data/private/test_answer.csv": text(draft, "private/test_answer.csv"),
    "data/private/private_leaderboard.csv": "rank,score\n1,1.0\n2,0.5\n",
  };
}

/** A draft as a competition of mle-bench: answers with all columns, other names of files. */
export function asMleBench(draft: Draft, grade: string, grader: string, id = "tell-the-tree"): Files {
  const [test, answers] = [readTable(draft, "public/test.csv"), readTable(draft, "private/test_answer.csv")];
  const whole: Table = {
    columns: [...answers.columns, ...test.columns.slice(1)],
    rows: answers.rows.map((row, index) => [...row, ...(test.rows[index]?.slice(1) ?? [])]),
  };
  return {
    "config.yaml": `id: ${id}
name: A competition
competition_type: simple
description: mlebench/competitions/${id}/description.md
dataset:
  answers: ${id}/prepared/private/test.csv
  sample_submission: ${id}/prepared/public/sampleSubmission.csv
grader:
  name: ${grader}
  grade_fn: mlebench.competitions.${id}.grade:grade
preparer: mlebench.competitions.${id}.prepare:prepare
`,
    "grade.py": grade,
    "prepare.py": text(draft, "prepare.py"),
    "description.md": text(draft, "description.md"),
    "leaderboard.csv": "score,teamName\n0.9,a\n0.2,b\n",
    "prepared/public/description.md": text(draft, "description.md"),
    "prepared/public/train.csv": text(draft, "public/train.csv"),
    "prepared/public/test.csv": text(draft, "public/test.csv"),
    "prepared/public/sampleSubmission.csv": text(draft, "public/sample_submission.csv"),
    "prepared/private/test.csv": csv(whole),
  };
}

/** A draft as four tables beside each other. */
export function asBareFolder(draft: Draft): Files {
  return {
    "train.csv": text(draft, "public/train.csv"),
    "test.csv": text(draft, "public/test.csv"),
    "sample_submission.csv": text(draft, "public/sample_submission.csv"),
    "answers.csv": text(draft, "private/test_answer.csv"),
  };
}

/** An accuracy that validates as it should. */
export const ACCURACY = `from typing import Any

import pandas as pd
from mledojo.metrics.base import CompetitionMetrics, InvalidSubmissionError


class TreeMetrics(CompetitionMetrics):
    """Accuracy of the tree."""

    def __init__(self, value: str = "tree", higher_is_better: bool = True):
        super().__init__(higher_is_better)
        self.value = value

    def evaluate(self, y_true: pd.DataFrame, y_pred: pd.DataFrame) -> float:
        merged = y_true.merge(y_pred, on="id", suffixes=("_true", "_pred"))
        return float((merged[self.value + "_true"] == merged[self.value + "_pred"]).mean())

    def validate_submission(self, submission: Any, ground_truth: Any) -> str:
        if not isinstance(submission, pd.DataFrame) or list(submission.columns) != ["id", self.value]:
            raise InvalidSubmissionError("The columns must be id and " + self.value)
        if submission["id"].duplicated().any():
            raise InvalidSubmissionError("Ids are repeated")
        if set(submission["id"].astype(str)) != set(ground_truth["id"].astype(str)):
            raise InvalidSubmissionError("The ids are not those of the test rows")
        if submission[self.value].isna().any():
            raise InvalidSubmissionError("Predictions are missing")
        unknown = set(submission[self.value]) - {"ash", "birch", "cedar"}
        if unknown:
            raise InvalidSubmissionError(f"Unknown labels: {sorted(map(str, unknown))[:3]}")
        return "Submission is valid."
`;

/** The same as a grade function, with a neighbour that it imports. */
export const GRADE = `import pandas as pd
from sklearn.metrics import accuracy_score

from mlebench.grade_helpers import InvalidSubmissionError
from mlebench.utils import get_logger

from .classes import CLASSES

logger = get_logger(__name__)


def grade(submission: pd.DataFrame, answers: pd.DataFrame) -> float:
    if list(submission.columns) != ["id", "tree"]:
        raise InvalidSubmissionError("The columns must be id and tree")
    if submission["id"].duplicated().any() or set(submission["id"]) != set(answers["id"]):
        raise InvalidSubmissionError("The ids are not those of the test rows, each once")
    if not submission["tree"].isin(CLASSES).all():
        raise InvalidSubmissionError("A prediction is missing or no class")
    submission, answers = submission.sort_values("id"), answers.sort_values("id")
    return accuracy_score(answers["tree"], submission["tree"])
`;
export const CLASSES = 'CLASSES = ["ash", "birch", "cedar"]\n';
