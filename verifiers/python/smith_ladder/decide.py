"""From probabilities and numbers to what the metric wants to see."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from smith_ladder.models import Goal
from smith_ladder.problem import MEDIAN_METRICS, Problem

TUNED = {"f1", "matthews_correlation", "macro_f1", "balanced_accuracy"}


def goal_of(problem: Problem) -> Goal:
    """What to fit for the task's metric."""
    if problem.is_class:
        return Goal(classes=len(problem.labels))
    if problem.metric == "pinball":
        level = next((float(value) for value in problem.parameters.values() if isinstance(value, int | float)), 0.5)
        return Goal(0, loss="quantile", quantile=level)
    if problem.metric == "rmsle":
        return Goal(0, logarithm=True)
    return Goal(0, loss="l1" if problem.metric in MEDIAN_METRICS else "l2", logarithm=problem.metric in {"mape", "smape"} and bool(problem.y.min() >= 0))


def quality(problem: Problem, truth: np.ndarray, predicted: np.ndarray) -> float:
    """A loss by which two models of one task are compared; lower is better."""
    if problem.is_class:
        if problem.submission_kind == "label":
            labels = choose_labels(problem, predicted, tune(problem, truth, predicted))
            if problem.metric == "accuracy":
                return float((labels != truth).mean())
            if problem.metric == "quadratic_weighted_kappa":
                return float(((labels - truth) ** 2).mean())
            return -mean_recall_or_f1(problem, truth, labels)
        if problem.metric in {"roc_auc", "average_precision"} and predicted.shape[1] == 2:
            return -auc(truth == 1, predicted[:, 1])
        return float(-np.log(np.clip(predicted[np.arange(len(truth)), truth], 1e-4, 1)).mean())
    goal = goal_of(problem)
    difference = truth - predicted
    if goal.loss == "quantile":
        return float(np.maximum(goal.quantile * difference, (goal.quantile - 1) * difference).mean())
    if problem.metric == "rmsle":
        return float((np.log1p(np.maximum(truth, 0)) - np.log1p(np.maximum(predicted, 0))).__pow__(2).mean())
    if problem.metric == "mape":
        return float((np.abs(difference) / np.maximum(np.abs(truth), 1e-9)).mean())
    if problem.metric == "smape":
        return float((np.abs(difference) / np.maximum(np.abs(truth) + np.abs(predicted), 1e-9)).mean())
    if goal.loss == "l1":
        return float(np.abs(difference).mean())
    return float((difference**2).mean())


def auc(positive: np.ndarray, score: np.ndarray) -> float:
    """Area under the ROC curve, ties half."""
    if positive.all() or not positive.any():
        return 0.5
    ranks = pd.Series(score).rank().to_numpy()
    count = int(positive.sum())
    return float((ranks[positive].sum() - count * (count + 1) / 2) / (count * (len(score) - count)))


def mean_recall_or_f1(problem: Problem, truth: np.ndarray, labels: np.ndarray) -> float:
    """Balanced accuracy, (macro) F1 or MCC by the task's metric; enough to choose between two predictions."""
    size = max(len(problem.labels), 2)
    table = np.bincount(truth * size + labels, minlength=size * size).reshape(size, size).astype(float)
    right, actual, called = np.diag(table), table.sum(1), table.sum(0)
    if problem.metric == "balanced_accuracy":
        return float((right[actual > 0] / actual[actual > 0]).mean())
    if problem.metric == "matthews_correlation":
        total = table.sum()
        covariance = right.sum() * total - (actual * called).sum()
        spread = (total**2 - (actual**2).sum()) * (total**2 - (called**2).sum())
        return float(covariance / np.sqrt(spread)) if spread > 0 else 0.0
    scores = 2 * right / np.maximum(actual + called, 1e-9)
    if problem.metric == "f1":
        return float(scores[-1])
    return float(scores[(actual + called) > 0].mean())


def tune(problem: Problem, truth: np.ndarray, predicted: np.ndarray) -> float | None:
    """How strongly to raise rare classes (exponent of the prior), or the threshold for two classes; on held-out rows."""
    if problem.metric not in TUNED:
        return None
    options = np.quantile(predicted[:, 1], np.linspace(0.02, 0.98, 49)) if predicted.shape[1] == 2 else np.linspace(0, 1, 6)
    scores = [mean_recall_or_f1(problem, truth, choose_labels(problem, predicted, float(option))) for option in options]
    best = max(scores)
    # The middle of the options that are as good as the best: less a matter of luck than the first.
    good = [option for option, score in zip(options, scores, strict=True) if score >= best - 1e-12]
    return float(good[len(good) // 2])


def choose_labels(problem: Problem, predicted: np.ndarray, tuned: float | None) -> np.ndarray:
    """Codes of the labels to hand in."""
    if problem.metric == "quadratic_weighted_kappa":
        # The expected level, cut so that levels are as frequent as in train.
        expected = predicted @ np.arange(predicted.shape[1])
        shares = np.bincount(problem.y, minlength=predicted.shape[1]).cumsum()[:-1] / len(problem.y)
        by_share = np.searchsorted(np.quantile(expected, shares), expected, side="left")
        rounded = np.clip(np.rint(expected), 0, predicted.shape[1] - 1)
        return np.clip(np.rint((by_share + rounded) / 2), 0, predicted.shape[1] - 1).astype(int)
    if tuned is None or predicted.shape[1] < 2:
        return predicted.argmax(axis=1)
    if predicted.shape[1] == 2:
        return (predicted[:, 1] > tuned).astype(int)
    prior = np.bincount(problem.y, minlength=predicted.shape[1]) / len(problem.y)
    return (predicted / np.maximum(prior, 1e-9) ** tuned).argmax(axis=1)


def to_submission(problem: Problem, predicted: np.ndarray, tuned: float | None) -> pd.DataFrame:
    """The table to hand in, from class probabilities (n, classes) or numbers (n,)."""
    columns: list[str] = problem.manifest["submission"]["columns"]
    kind = problem.submission_kind
    values: dict[str, Any]
    if kind == "probabilities":
        rows = np.clip(predicted, 1e-4, 1)
        rows = rows / rows.sum(axis=1, keepdims=True)
        values = {name: rows[:, problem.labels.index(name)] for name in columns}
    elif kind == "label":
        labels = np.array(problem.labels, dtype=object)
        values = {columns[0]: labels[choose_labels(problem, predicted, tuned)]}
    elif problem.is_class:
        values = {columns[0]: predicted[:, -1]}
    else:
        values = {columns[0]: bounded(problem, predicted)}
    return problem.submission(**values)


def bounded(problem: Problem, predicted: np.ndarray) -> np.ndarray:
    """Numbers within what the target can be."""
    if problem.objective in {"ranking", "survival"}:
        return predicted
    low, high = float(problem.y.min()), float(problem.y.max())
    margin = high - low
    predicted = np.clip(np.nan_to_num(predicted, nan=float(np.median(problem.y))), low - margin, high + margin)
    return np.maximum(predicted, 0) if low >= 0 else predicted
