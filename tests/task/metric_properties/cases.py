"""Random answers and submissions for a case: a compiled metric with the facts of its task."""

import io
from typing import Any

import numpy as np
import pandas as pd

Case = dict[str, Any]
MODES = ["plain", "ties", "constant", "single", "one-class", "zeros", "many"]


def make_pair(case: Case, mode: str, rng: np.random.Generator, written: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Answers and a sound submission in another row order; `written`: typed as a CSV reader types them."""
    rows = {"single": 1, "many": 200}.get(mode, int(rng.integers(2, 40)))
    ids = rng.permutation(10 * rows)[:rows]
    truth = pd.DataFrame({"id": ids})
    guess = pd.DataFrame({"id": ids})
    target, kind = case["target"], case["target"]["kind"]
    if kind == "multilabel":
        for column in target["columns"]:
            values = draw_binary(mode, rows, rng)
            truth[column] = np.where(rng.random(rows) < 0.2, np.nan, values)
            guess[column] = (
                draw_binary("plain", rows, rng)
                if case["submission"]["kind"] == "labels"
                else draw_score(mode, rows, rng)
            )
    elif kind in ("category", "ordinal"):
        add_classes(case, mode, rows, rng, truth, guess)
    elif kind == "relevance":
        truth[target["columns"][0]] = np.zeros(rows) if mode == "zeros" else rng.integers(0, 5, rows)
        truth[case["auxiliary"][0]] = [f"q{code}" for code in rng.integers(0, max(1, rows // 6), rows)]
        guess[target["columns"][0]] = draw_score(mode, rows, rng)
    elif kind == "survival":
        truth[target["columns"][0]] = np.round(rng.exponential(5, rows), 0 if mode == "ties" else 6)
        truth[case["auxiliary"][0]] = np.zeros(rows, int) if mode == "zeros" else rng.integers(0, 2, rows)
        guess[target["columns"][0]] = draw_score(mode, rows, rng)
    else:
        add_numbers(case, mode, rows, rng, truth, guess)
    guess = guess.sample(frac=1, random_state=int(rng.integers(1 << 30)))
    return (from_csv(truth), from_csv(guess)) if written else (truth, guess)


def add_classes(
    case: Case, mode: str, rows: int, rng: np.random.Generator, truth: pd.DataFrame, guess: pd.DataFrame
) -> None:
    """A truth of labels, and labels, a score or probabilities as the submission."""
    target, labels = case["target"]["columns"][0], case["target"]["labels"]
    codes = np.full(rows, rng.integers(len(labels))) if mode == "one-class" else rng.integers(0, len(labels), rows)
    truth[target] = np.array(labels, dtype=object)[codes]
    if case["submission"]["kind"] == "label":
        predicted = np.where(rng.random(rows) < 0.4, codes, rng.integers(0, len(labels), rows))
        predicted = np.full(rows, rng.integers(len(labels))) if mode == "constant" else predicted
        guess[target] = np.array(labels, dtype=object)[predicted]
    elif case["submission"]["kind"] == "score":
        guess[target] = draw_score(mode, rows, rng)
    else:
        shares = (
            np.full((rows, len(labels)), 1 / len(labels))
            if mode == "constant"
            else rng.dirichlet(np.ones(len(labels)), rows)
        )
        if mode == "zeros":
            shares = np.eye(len(labels))[rng.integers(0, len(labels), rows)]
        shares = shares * rng.uniform(0.995, 1.0, (rows, 1)) if mode == "ties" else shares
        for place, label in enumerate(labels):
            guess[label] = shares[:, place]


def add_numbers(
    case: Case, mode: str, rows: int, rng: np.random.Generator, truth: pd.DataFrame, guess: pd.DataFrame
) -> None:
    """A truth of numbers (counts for metrics of positive values) and numbers as the submission."""
    target = case["target"]["columns"][0]
    values = rng.gamma(1.0, 10.0, rows) if case["metric"] in ("rmsle", "mape", "smape") else rng.normal(3, 10, rows)
    if mode in ("ties", "zeros"):
        values = np.round(values / 8)
    if mode == "one-class":
        values = np.full(rows, 0.0 if rng.random() < 0.5 else 3.5)
    truth[target] = values
    guess[target] = (
        np.full(rows, 2.0)
        if mode == "constant"
        else np.round(values + rng.normal(0, 5, rows), 0 if mode == "ties" else 9)
    )
    if case["auxiliary"]:
        truth[case["auxiliary"][0]] = np.zeros(rows) if mode == "zeros" else rng.choice([0.5, 2.0, 0.0], rows)


def draw_score(mode: str, rows: int, rng: np.random.Generator) -> np.ndarray:
    """Scores: continuous, with ties, or constant."""
    if mode in ("constant", "single"):
        return np.full(rows, 0.25)
    scores = rng.normal(0, 1, rows)
    return np.round(scores) if mode in ("ties", "zeros") else scores


def draw_binary(mode: str, rows: int, rng: np.random.Generator) -> np.ndarray:
    """0 or 1 for each row, constant where the mode says so."""
    if mode == "zeros":
        return np.zeros(rows, int)
    return np.full(rows, rng.integers(2)) if mode == "one-class" else (rng.random(rows) < 0.4).astype(int)


def from_csv(frame: pd.DataFrame) -> pd.DataFrame:
    """The table after writing and reading, as a grader sees it."""
    return pd.read_csv(io.StringIO(frame.to_csv(index=False)))
