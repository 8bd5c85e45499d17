"""How well a quantity is predicted from its own past."""

from __future__ import annotations

import numpy as np

from .columns import Column
from .learners import r_squared, ridge

LAGS = (1, 2, 3, 7, 12, 24)
ROWS = 20_000


def history_gain(target: Column, time: Column, series: list[Column]) -> float | None:
    """R² on the later 30% of times of a linear forecast from earlier values of the same series; None when too short."""
    seconds = time.seconds()
    if target.numbers is None or seconds is None:
        return None
    known = np.flatnonzero(np.isfinite(target.numbers) & np.isfinite(seconds))
    key = np.zeros(len(known), dtype=np.int64)
    for column in series:
        key = key * (column.distinct + 1) + column.codes[known] + 1
    order = np.lexsort((seconds[known], key))
    known, key = known[order], key[order]
    values, times = target.numbers[known], seconds[known]
    lengths = np.unique(key, return_counts=True)[1]
    lags = [lag for lag in LAGS if lag < 0.4 * np.median(lengths)]
    if not lags:
        return None
    longest = max(lags)
    at = np.arange(longest, len(values))
    at = at[key[at] == key[at - longest]]
    if len(at) < 60:
        return None
    if len(at) > ROWS:
        at = at[np.argsort(times[at], kind="stable")[-ROWS:]]
    matrix = np.column_stack([values[at - lag] for lag in lags])
    cut = np.quantile(times[at], 0.7)
    train, test = times[at] <= cut, times[at] > cut
    if train.sum() < 30 or test.sum() < 15:
        return None
    truth = values[at]
    predicted = ridge(matrix[train], truth[train][:, None], matrix[test])[:, 0]
    return r_squared(truth[test], predicted, float(truth[train].mean()))
