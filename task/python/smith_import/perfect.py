"""Writes the submission that knows the answers, /out/perfect.csv, and one that guesses, /out/guess.csv, beside a copy of the answers.

What a foreign metric makes of them shows its best value, and whether it is one of the catalogue: /out/result.json holds the
value of each candidate for the guess, by the independent implementation.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from smith_task.perfect import perfect_submission
from smith_task.reference import reference_score


def guess_of(perfect: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Predictions without skill in the task's format."""
    random, guess = np.random.default_rng(41), perfect.copy()
    columns = list(perfect.columns[1:])
    if kind == "probabilities":
        guess[columns] = random.dirichlet(np.ones(len(columns)), len(perfect))
    for name in columns if kind != "probabilities" else []:
        if kind in {"score", "scores"}:
            guess[name] = random.random(len(perfect))
        elif kind == "value":
            values = pd.to_numeric(perfect[name]).to_numpy(float)
            guess[name] = 0.5 * random.permutation(values) + 0.5 * values
        else:
            guess[name] = random.choice(perfect[name].to_numpy(), len(perfect))
    return guess


def references(question: dict[str, Any], candidates: dict[str, Any], truth: pd.DataFrame, guess: pd.DataFrame) -> dict[str, float]:
    """Finite values of the candidates that can be computed."""
    target = {"columns": question["targets"], "kind": question["kind"], "labels": question["labels"], "auxiliary": question["auxiliary"]}
    values = {}
    for name, parameters in candidates.items():
        try:
            value = reference_score(name, parameters, target, truth, guess)
        except Exception:  # no metric for such answers
            continue
        if np.isfinite(value):
            values[name] = float(value)
    return values


if __name__ == "__main__":
    request = json.loads(Path("/job/input.json").read_text("utf-8"))
    question = request["question"]
    answers = Path("/job/task/private/test_answer.csv")
    truth = pd.read_csv(answers)
    target = {"columns": question["targets"], "kind": question["kind"], "labels": question["labels"]}
    submission = {"columns": question["columns"], "kind": question["submission"]}
    perfect = perfect_submission(target, submission, question["auxiliary"], truth)
    perfect = perfect[[name for name in perfect.columns if name in {question["id"], *question["columns"]}]]
    guess = guess_of(perfect, question["submission"])
    perfect.to_csv("/out/perfect.csv", index=False)
    guess.to_csv("/out/guess.csv", index=False)
    shutil.copyfile(answers, "/out/test_answer.csv")
    result = {"references": references(question, request["candidates"], truth, guess)}
    Path("/out/result.json").write_text(json.dumps(result), "utf-8")
