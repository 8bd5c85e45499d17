"""Predictions without looking at a feature: one constant, and chance."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smith_ladder.models import SEED
from smith_ladder.problem import MEDIAN_METRICS, Problem


def constant(problem: Problem) -> pd.DataFrame:
    """The best constant: most frequent label, prior, mean or median, by the metric."""
    columns, kind = problem.manifest["submission"]["columns"], problem.submission_kind
    rows = len(problem.test)
    if kind == "label":
        return problem.submission(**{columns[0]: [problem.labels[int(np.bincount(problem.y).argmax())]] * rows})
    if kind == "probabilities":
        prior = np.bincount(problem.y, minlength=len(problem.labels)) / len(problem.y)
        return problem.submission(**{name: np.full(rows, prior[problem.labels.index(name)]) for name in columns})
    if kind in {"labels", "scores"}:
        means = {name: pd.to_numeric(problem.train[name], errors="coerce").mean() for name in columns}
        if kind == "labels":
            means = {name: int(mean > 0.5) for name, mean in means.items()}
        return problem.submission(**{name: np.full(rows, mean) for name, mean in means.items()})
    if kind == "score":
        return problem.submission(**{columns[0]: np.full(rows, 0.5)})
    values = problem.y
    if problem.metric == "pinball":
        level = next((float(value) for value in problem.parameters.values() if isinstance(value, int | float)), 0.5)
        return problem.submission(**{columns[0]: np.full(rows, np.quantile(values, level))})
    if problem.metric == "rmsle":
        return problem.submission(**{columns[0]: np.full(rows, np.expm1(np.log1p(np.maximum(values, 0)).mean()))})
    middle = np.median(values) if problem.metric in MEDIAN_METRICS else values.mean()
    if problem.metric == "mape":
        order = np.argsort(values)
        weight = (1 / np.maximum(np.abs(values), 1e-9))[order].cumsum()
        middle = values[order][np.searchsorted(weight, weight[-1] / 2)]
    return problem.submission(**{columns[0]: np.full(rows, middle)})


def chance(problem: Problem) -> pd.DataFrame:
    """Values drawn from train, on random rows."""
    random = np.random.default_rng(SEED + 5)
    columns, kind = problem.manifest["submission"]["columns"], problem.submission_kind
    rows = len(problem.test)
    if kind == "probabilities":
        drawn = random.dirichlet(np.ones(len(columns)), rows)
        return problem.submission(**{name: drawn[:, place] for place, name in enumerate(columns)})
    if kind == "scores" or kind == "score":
        return problem.submission(**{name: random.random(rows) for name in columns})
    picked = random.integers(0, len(problem.train), rows)
    values = {}
    for name in columns:
        source = problem.train[name] if name in problem.train else problem.train[problem.targets[0]]
        drawn = source.to_numpy()[picked]
        values[name] = np.nan_to_num(drawn.astype(float)).astype(int) if kind == "labels" else drawn
    return problem.submission(**values)
