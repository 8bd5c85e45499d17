"""Forecasting: the last value and season, the theta method, and models of calendar and lags that reach back beyond the horizon."""

from __future__ import annotations

import numpy as np
import pandas as pd
from smith_task.prepare.values import as_time

from smith_ladder.decide import bounded, goal_of, quality
from smith_ladder.history import SEASONS, History
from smith_ladder.models import Goal, boosted, linear
from smith_ladder.problem import Problem
from smith_ladder.tables import build_matrices
from smith_ladder.theta import theta

MOST_ROWS = 20_000


class ForecastingSolver:
    """One or more series; train is the past, test the future. All methods see only values older than the horizon."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        split = problem.manifest["split"]
        self.series = [name for name in split["series"] if name in problem.train and name in problem.test]
        train, test = problem.train, problem.test
        keys = pd.concat([train, test], ignore_index=True)
        self.keys = keys[self.series].astype(str).agg("|".join, axis=1).factorize()[0] if self.series else np.zeros(len(keys), dtype=int)
        self.when = _as_numbers(keys[split["time"]]) if split["time"] in keys else np.arange(len(keys), dtype=float)
        self.cut = len(train)
        self.values = np.concatenate([problem.y, np.full(len(test), np.nan)])
        features = [name for name in problem.features if name not in self.series]
        self.matrices = build_matrices(train, test, [*features, *self.series])

    def simple(self) -> tuple[pd.DataFrame, str]:
        """The better of the last value, the last seasons, and a line through calendar and lags, on the last block."""
        return self._choose(("naive", "linear"))

    def strong(self, limit: int | None = None) -> tuple[pd.DataFrame, str]:
        return self._choose(("naive", "linear", "theta", "boosted"), limit)

    def limited(self) -> tuple[pd.DataFrame, str]:
        """The strong procedure on the latest tenth of the past."""
        longest = int(np.bincount(self.keys[: self.cut]).max())
        horizon = self._horizon(np.arange(self.cut), np.arange(self.cut, len(self.values)))
        size = max(longest // 10, 2 * horizon + 10)
        frame, name = self.strong(size)
        return frame, f"{name} on the latest {size} steps"

    def _choose(self, families: tuple[str, ...], limit: int | None = None) -> tuple[pd.DataFrame, str]:
        problem = self.problem
        past, future = np.arange(self.cut), np.arange(self.cut, len(self.values))
        if limit is not None:
            past = past[self._age(past) < limit]
        horizon = self._horizon(past, future)
        age = self._age(past)
        losses: dict[str, float] = {}
        # The last block; and the one before where the past is long: one block may be an odd one.
        blocks = (0, 1) if longest_of(self.keys[past]) >= 5 * horizon and len(past) <= MOST_ROWS else (0,)
        for block in blocks:
            held = past[(age >= block * horizon) & (age < (block + 1) * horizon)]
            fit = past[age >= (block + 1) * horizon]
            if len(fit) < 20:
                raise ValueError("the past is too short to hold out a horizon")
            guesses = self._guesses(families, fit, held, horizon)
            if block > 0:
                losses = {name: loss for name, loss in losses.items() if name in guesses}
            for name, guess in guesses.items():
                if block == 0 or name in losses:
                    losses[name] = losses.get(name, 0.0) + quality(problem, self.values[held], guess)
        best = min(losses, key=lambda name: losses[name])
        family = next((family for family in families if best.startswith(family)), families[0])
        final = self._guesses((family,), past, future, horizon).get(best)
        if final is None:
            final = next(iter(self._guesses((family,), past, future, horizon).values()))
        column = problem.manifest["submission"]["columns"][0]
        names = {"linear": "ridge on calendar and lags", "boosted": "boosted trees on calendar and lags"}
        return problem.submission(**{column: bounded(problem, final)}), names.get(best, best)

    def _age(self, rows: np.ndarray) -> np.ndarray:
        """Steps from each row to the last row of its series among these."""
        order = np.lexsort((-self.when[rows], self.keys[rows]))
        place = pd.Series(self.keys[rows][order]).groupby(self.keys[rows][order]).cumcount().to_numpy()
        age = np.empty(len(rows), dtype=int)
        age[order] = place
        return age

    def _horizon(self, past: np.ndarray, future: np.ndarray) -> int:
        return max(1, int(np.bincount(self.keys[future]).max()))

    def _guesses(self, families: tuple[str, ...], past: np.ndarray, future: np.ndarray, horizon: int) -> dict[str, np.ndarray]:
        """Predictions for the future rows from the past ones."""
        history = self._grid(past, future)
        guesses: dict[str, np.ndarray] = {}
        if "naive" in families:
            guesses["naive: last value"] = _filled(history.last(), self.values[past])
            for season in SEASONS:
                if season * 2 <= history.shortest or (season > 48 and season <= history.shortest):
                    guesses[f"naive: last season of {season} steps"] = _filled(history.seasonal(season), self.values[past])
                if season >= 168 and season * 2 <= history.shortest:
                    guesses[f"naive: mean of seasons of {season} steps"] = _filled(history.seasonal_mean(season), self.values[past])
        if "theta" in families:
            for season in (1, *(season for season in SEASONS if season * 3 <= history.shortest)):
                name = "theta method" if season == 1 else f"theta method with seasons of {season} steps"
                guesses[name] = _filled(theta(history, season), self.values[past])
        if "linear" in families or "boosted" in families:
            rows = past[np.linspace(0, len(past) - 1, min(len(past), MOST_ROWS)).astype(int)]
            lags = history.lags(horizon)
            spot = {row: place for place, row in enumerate(history.rows)}
            picks = np.array([spot[row] for row in rows]), np.array([spot[row] for row in future])
            known = np.isfinite(lags[picks[0]]).any(axis=1)
            train_rows = rows[known] if known.sum() > 50 else rows
            place = picks[0][known] if known.sum() > 50 else picks[0]
            trees = self._all_trees()
            base = np.nanmean(np.where(np.isfinite(lags), lags, np.nan)[:, -1]) if lags.shape[1] else 0.0
            anchor = np.nan_to_num(lags[:, -1], nan=base)  # mean of the latest known values: trends are learned as differences
            goal, y = goal_of(self.problem), self.values
            if "boosted" in families:
                x_train, x_test = np.hstack([trees[train_rows], lags[place]]), np.hstack([trees[future], lags[picks[1]]])
                guesses["boosted"] = boosted(x_train, y[train_rows], x_test, goal, rounds=120)[0]
                if not goal.logarithm:
                    difference = boosted(x_train, y[train_rows] - anchor[place], x_test, Goal(0, goal.loss, goal.quantile), rounds=120)[0]
                    guesses["boosted on differences"] = difference + anchor[picks[1]]
            if "linear" in families:
                linear_rows = self._all_linear()
                center = np.nanmean(lags, axis=0) if lags.shape[1] else np.zeros(0)
                spread = np.nanstd(lags, axis=0) + 1e-9
                scaled = np.nan_to_num((lags - center) / spread)
                guesses["linear"] = linear(np.hstack([linear_rows[train_rows], scaled[place]]), y[train_rows], np.hstack([linear_rows[future], scaled[picks[1]]]), Goal(0, goal.loss, goal.quantile, goal.logarithm))
        return guesses

    def _all_trees(self) -> np.ndarray:
        return np.vstack([self.matrices.trees_train, self.matrices.trees_test])

    def _all_linear(self) -> np.ndarray:
        sides = [side.toarray() if hasattr(side, "toarray") else side for side in (self.matrices.linear_train, self.matrices.linear_test)]
        return np.vstack(sides)

    def _grid(self, past: np.ndarray, future: np.ndarray) -> History:
        return History(past, future, self.keys, self.when, self.values)


def longest_of(keys: np.ndarray) -> int:
    """Rows of the longest series."""
    return int(np.bincount(keys).max()) if len(keys) else 0


def _filled(guess: np.ndarray, known: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(guess), guess, np.median(known))


def _as_numbers(values: pd.Series) -> np.ndarray:
    if pd.api.types.is_numeric_dtype(values):
        return values.to_numpy(dtype=float)
    numbers = pd.to_numeric(values, errors="coerce")
    if numbers.notna().all():
        return numbers.to_numpy(dtype=float)
    try:
        times = as_time(values)
    except ValueError:
        times = pd.to_datetime(values.astype(str), errors="coerce", utc=True, format="mixed").dt.tz_localize(None)
    if pd.api.types.is_datetime64_any_dtype(times):
        times = (times - pd.Timestamp(0)) / pd.Timedelta(seconds=1)
    seconds = times.to_numpy(dtype=float, na_value=np.nan)
    return np.where(np.isnan(seconds), np.arange(len(seconds)), seconds)
