"""Which column alone tells most of the target."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smith_ladder.problem import Problem

MOST_BINS = 24
# Rows that a bin borrows from the mean of all: rare values tell little.
PRIOR = 5.0


def best_column(problem: Problem, fit: np.ndarray, held: np.ndarray) -> str:
    """The feature whose binned means, learned on `fit`, leave least squared error on `held`."""
    truth = _truth(problem)
    losses = {name: _loss(problem.train[name], truth, fit, held) for name in problem.features}
    return min(losses, key=lambda name: losses[name])


def _truth(problem: Problem) -> np.ndarray:
    """Numbers (n, 1), logarithms where the metric looks at ratios, or indicators of each class (n, classes)."""
    y = np.asarray(problem.y)
    if problem.is_class:
        return (y[:, None] == np.unique(y)[None, :]).astype(float)
    values = np.log1p(np.maximum(y, 0)) if problem.metric == "rmsle" else y.astype(float)
    return values[:, None]


def _loss(column: pd.Series, truth: np.ndarray, fit: np.ndarray, held: np.ndarray) -> float:
    codes = _codes(column)
    size = int(codes.max()) + 1
    count = np.bincount(codes[fit], minlength=size)[:, None]
    middle = truth[fit].mean(axis=0)
    total = np.column_stack([np.bincount(codes[fit], weights=part, minlength=size) for part in truth[fit].T])
    means = (total + PRIOR * middle) / (count + PRIOR)
    return float(((truth[held] - means[codes[held]]) ** 2).mean())


def _codes(column: pd.Series) -> np.ndarray:
    """Values as codes from 0, with one of its own for what is missing; numbers of many values in quantiles."""
    if pd.api.types.is_numeric_dtype(column) and column.nunique() > MOST_BINS:
        ranks = column.rank(pct=True, method="average")
        return np.where(ranks.isna(), MOST_BINS, np.minimum((ranks * MOST_BINS).fillna(0), MOST_BINS - 1)).astype(int)
    codes, known = pd.factorize(column.astype("str").where(column.notna()))
    return np.where(codes < 0, len(known), codes)
