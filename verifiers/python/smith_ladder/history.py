"""The known past of one or more series, and what can be read from it for every hidden row."""

from __future__ import annotations

import numpy as np
import pandas as pd

# Seasons that are common, in steps: hours of a day and week, days, months, weeks and half hours of a year.
SEASONS = (4, 7, 12, 24, 28, 48, 52, 96, 168, 336, 364, 365)


class History:
    """Rows of past and future by series and time, with the values of the future unknown."""

    def __init__(self, past: np.ndarray, future: np.ndarray, keys: np.ndarray, when: np.ndarray, values: np.ndarray) -> None:
        rows = np.concatenate([past, future])
        order = np.lexsort((when[rows], keys[rows]))
        self.rows = rows[order]
        self.future = future
        self.keys = keys
        self.when = when
        known = np.zeros(len(values), dtype=bool)
        known[past] = True
        self.series = pd.Series(np.where(known[self.rows], values[self.rows], np.nan))
        self.groups = self.series.groupby(keys[self.rows])
        self.position = {row: place for place, row in enumerate(self.rows)}
        self.shortest = int(np.bincount(keys[past]).max()) if len(past) else 0
        self.places = np.array([self.position[row] for row in future])

    def last(self) -> np.ndarray:
        """The last known value of each series."""
        return self.groups.ffill().to_numpy()[self.places]

    def seasonal(self, season: int) -> np.ndarray:
        """The value a whole number of seasons before, the latest that is known; past rows precede future ones."""
        keys = self.keys[self.rows]
        start = np.searchsorted(keys, keys, side="left")
        place = np.arange(len(keys)) - start
        known = np.bincount(keys[~np.isin(self.rows, self.future)], minlength=int(keys.max()) + 1)[keys]
        back = known - season + np.mod(place - known, season)
        usable = (back >= 0) & (back < known)
        values = self.series.to_numpy()
        guess = np.where(usable, values[np.where(usable, start + back, 0)], np.nan)
        return guess[self.places]

    def seasonal_mean(self, season: int, most: int = 5) -> np.ndarray:
        """The mean of the latest seasons at the same place; of long ones, of the steps around it too."""
        window = 1 + 2 * (season // 100)
        keys = self.keys[self.rows]
        start = np.searchsorted(keys, keys, side="left")
        place = np.arange(len(keys)) - start
        known = np.bincount(keys[~np.isin(self.rows, self.future)], minlength=int(keys.max()) + 1)[keys]
        smooth = self.groups.rolling(window, min_periods=1, center=True).mean().reset_index(level=0, drop=True).sort_index().to_numpy()
        back = known - season + np.mod(place - known, season)
        found = []
        for number in range(most):
            earlier = back - number * season
            usable = (earlier >= 0) & (earlier < known)
            found.append(np.where(usable, smooth[np.where(usable, start + earlier, 0)], np.nan)[self.places])
        several = np.ma.masked_invalid(np.vstack(found)).mean(axis=0)
        return np.ma.filled(several, np.nan)

    def lags(self, horizon: int) -> np.ndarray:
        """Values at the horizon and the seasons beyond it, and means before it: known for every future row."""
        steps = sorted({horizon, horizon + 1, *(season * -(-horizon // season) for season in SEASONS if season * -(-horizon // season) < self.shortest)})
        columns = [self.groups.shift(step).to_numpy() for step in steps]
        shifted = self.groups.shift(horizon)
        for window in (3, 7, 28):
            rolled = shifted.groupby(self.keys[self.rows]).rolling(window, min_periods=1).mean()
            columns.append(rolled.reset_index(level=0, drop=True).reindex(range(len(shifted))).to_numpy())
        return np.column_stack(columns)
