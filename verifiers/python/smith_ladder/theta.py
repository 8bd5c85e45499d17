"""The theta method (Assimakopoulos and Nikolopoulos 2000), the best simple method of the M3 competition, over all series at once."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smith_ladder.history import History

WEIGHTS = np.array([0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9])
"""Weights of the latest value in exponential smoothing, of which each series takes the best."""
SEASONS_BACK = 10
FEWEST_STEPS = 500


def theta(history: History, season: int) -> np.ndarray:
    """
    A value for each future row of `history`: exponential smoothing with half the slope of the line through the past (Hyndman and
    Billah 2003), of values without their seasons of `season` steps (1: none), which are put back. NaN where a series has no past.
    """
    past, place, column = _table(history, max(SEASONS_BACK * season, FEWEST_STEPS))
    steps = len(past)
    factor = bool(np.nanmin(past) > 0)
    seasons = _seasons(past, season, factor)
    phase = np.arange(steps) % season
    plain = past / seasons[phase] if factor else past - seasons[phase]
    level, weight = _smoothed(plain)
    time = np.arange(steps)[:, None] + np.zeros_like(plain)
    time = np.where(np.isfinite(plain), time, np.nan)
    centred = time - np.nanmean(time, axis=0)
    slope = np.nansum(centred * (plain - np.nanmean(plain, axis=0)), axis=0) / np.maximum(np.nansum(centred**2, axis=0), 1e-12)
    known = np.isfinite(plain).sum(axis=0)
    ahead = place + 1
    drift = slope[column] / 2 * (ahead - 1 + (1 - (1 - weight[column]) ** known[column]) / weight[column])
    guess = level[column] + drift
    back = seasons[(steps + place) % season, column]
    return guess * back if factor else guess + back


def _table(history: History, most: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """
    The latest past (at most so many steps) by step and series, NaN where there is no row, all ending just before their first future
    row; for each future row, steps after that and its series.
    """
    future = np.isin(history.rows, history.future)
    series, column = np.unique(history.keys[history.rows], return_inverse=True)
    # A step is a moment that any series has: one that misses a month does not lose its place in the year.
    moment = np.unique(history.when[history.rows], return_inverse=True)[1]
    first = np.full(len(series), moment.max() + 1)
    np.minimum.at(first, column[future], moment[future])
    after = moment - first[column]
    steps = int(min(-after.min(), most))
    table = np.full((steps, len(series)), np.nan)
    kept = ~future & (after >= -steps) & (after < 0)
    table[steps + after[kept], column[kept]] = history.series.to_numpy()[kept]
    return table, after[history.places], column[history.places]


def _seasons(past: np.ndarray, season: int, factor: bool) -> np.ndarray:
    """What each place in a season differs by from the mean around it (classical decomposition), by place and series."""
    neutral = 1.0 if factor else 0.0
    if season == 1:
        return np.full((1, past.shape[1]), neutral)
    frame = pd.DataFrame(past)
    around = frame.rolling(season, min_periods=season // 2 + 1).mean()
    if season % 2 == 0:
        around = around.rolling(2, min_periods=1).mean()
    around = around.shift(-(season // 2))
    apart = frame / around if factor else frame - around
    means = apart.groupby(np.arange(len(past)) % season).mean().reindex(range(season)).fillna(neutral).to_numpy()
    middle = means.mean(axis=0)
    return np.where(middle > 0, means / np.where(middle > 0, middle, 1), 1.0) if factor else means - middle


def _smoothed(plain: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The last level of each series, and the weight whose errors one step ahead were least."""
    shape = (len(WEIGHTS), plain.shape[1])
    level, errors = np.full(shape, np.nan), np.zeros(shape)
    for value in plain:
        error = value - level
        seen = np.isfinite(error)
        errors += np.where(seen, error**2, 0)
        level = np.where(seen, level + WEIGHTS[:, None] * error, np.where(np.isfinite(level), level, value))
    best = errors.argmin(axis=0)
    return level[best, np.arange(shape[1])], WEIGHTS[best]
