"""Survival: Cox's proportional hazards, linear (Newton, ridge) and boosted (the same likelihood)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smith_ladder.models import SEED
from smith_ladder.problem import Problem
from smith_ladder.tables import build_matrices


class SurvivalSolver:
    """Gives every row a risk: the higher, the earlier the event."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.matrices = build_matrices(problem.train, problem.test, problem.features)
        names = [*problem.manifest["auxiliary"], *problem.targets[1:]]
        known = [name for name in names if name in problem.train.columns]
        self.event = problem.train[known[0]].to_numpy(dtype=float) == 1 if known else np.ones(len(problem.y), dtype=bool)
        self.rows = np.arange(len(problem.y))

    def simple(self) -> tuple[pd.DataFrame, str]:
        return self._answer(self._cox(self.rows, self.matrices.linear_test)), "Cox regression with ridge"

    def strong(self, rows: np.ndarray | None = None) -> tuple[pd.DataFrame, str]:
        """The better of linear, boosted and their mean by concordance on three folds."""
        rows = self.rows if rows is None else rows
        matrices = self.matrices
        folds = np.random.default_rng(SEED + 1).permutation(len(rows)) % 3
        guesses = {"Cox regression": np.zeros(len(rows)), "boosted Cox model": np.zeros(len(rows))}
        for fold in range(3):
            fit, rest = rows[folds != fold], rows[folds == fold]
            guesses["Cox regression"][folds == fold] = self._cox(fit, matrices.linear_train[rest])
            guesses["boosted Cox model"][folds == fold] = self._boosted(fit, matrices.trees_train[rest])
        guesses["mean of both"] = sum(_standard(guess) for guess in guesses.values())
        quality = {name: concordance(self.problem.y[rows], self.event[rows], guess) for name, guess in guesses.items()}
        best = max(quality, key=lambda name: quality[name])
        parts = []
        if best != "boosted Cox model":
            parts.append(_standard(self._cox(rows, matrices.linear_test)))
        if best != "Cox regression":
            parts.append(_standard(self._boosted(rows, matrices.trees_test)))
        return self._answer(sum(parts)), best

    def limited(self) -> tuple[pd.DataFrame, str]:
        count = len(self.rows)
        size = min(count, max(40, count // 10))
        frame, name = self.strong(np.sort(np.random.default_rng(SEED + 2).permutation(count)[:size]))
        return frame, f"{name} on {size} of {count} rows"

    def _cox(self, rows: np.ndarray, asked: object) -> np.ndarray:
        """Newton's method on Breslow's partial likelihood with a ridge penalty."""
        values = self.matrices.linear_train[rows]
        values = values.toarray() if hasattr(values, "toarray") else values
        wanted = asked.toarray() if hasattr(asked, "toarray") else asked  # type: ignore[attr-defined]
        order = np.argsort(-self.problem.y[rows], kind="stable")
        values, event = values[order], self.event[rows][order]
        last = _last_of_ties(self.problem.y[rows][order])
        weights = np.zeros(values.shape[1])
        penalty = 5.0
        for _ in range(8):
            risk = np.exp(np.clip(values @ weights, -20, 20))
            at_risk = np.cumsum(risk)[last]
            mean = np.cumsum(risk[:, None] * values, axis=0)[last] / at_risk[:, None]
            gradient = (values[event] - mean[event]).sum(axis=0) - penalty * weights
            # Weight of each row in the sum of the covariance over all events at which it is at risk.
            share = np.cumsum((event / at_risk)[::-1])[::-1]
            first = _first_of_ties(self.problem.y[rows][order])
            share = share[first]
            curvature = (values * (risk * share)[:, None]).T @ values - mean[event].T @ mean[event]
            step = np.linalg.solve(curvature + penalty * np.eye(len(weights)), gradient)
            weights = weights + step
            if np.abs(step).max(initial=0) < 1e-5:
                break
        return wanted @ weights

    def _boosted(self, rows: np.ndarray, asked: np.ndarray) -> np.ndarray:
        import lightgbm

        order = rows[np.argsort(-self.problem.y[rows], kind="stable")]
        event = self.event[order].astype(float)
        times = self.problem.y[order]
        last, first = _last_of_ties(times), _first_of_ties(times)

        def likelihood(scores: np.ndarray, _: object) -> tuple[np.ndarray, np.ndarray]:
            risk = np.exp(np.clip(scores, -20, 20))
            at_risk = np.cumsum(risk)[last]
            one = np.cumsum((event / at_risk)[::-1])[::-1][first]
            two = np.cumsum((event / at_risk**2)[::-1])[::-1][first]
            return risk * one - event, np.maximum(risk * one - risk**2 * two, 1e-6)

        parameters = {
            "objective": likelihood, "learning_rate": 0.05, "num_leaves": 8, "min_data_in_leaf": max(5, len(rows) // 30),
            "num_threads": 1, "deterministic": True, "force_row_wise": True, "seed": SEED, "verbosity": -1, "lambda_l2": 1.0,
            "min_sum_hessian_in_leaf": 1e-3, "feature_fraction": 0.8,
        }  # fmt: skip
        data = lightgbm.Dataset(self.matrices.trees_train[order], times, params={"verbosity": -1})
        return lightgbm.train(parameters, data, 60).predict(asked, num_threads=1, raw_score=True)

    def _answer(self, risk: np.ndarray) -> pd.DataFrame:
        return self.problem.submission(**{self.problem.manifest["submission"]["columns"][0]: risk})


def _last_of_ties(descending: np.ndarray) -> np.ndarray:
    """For each row the last row with the same time: all rows up to it are at risk."""
    return np.searchsorted(-descending, -descending, side="right") - 1


def _first_of_ties(descending: np.ndarray) -> np.ndarray:
    return np.searchsorted(-descending, -descending, side="left")


def _standard(values: np.ndarray) -> np.ndarray:
    spread = float(values.std())
    return (values - values.mean()) / spread if spread > 0 else values * 0


def concordance(duration: np.ndarray, event: np.ndarray, risk: np.ndarray) -> float:
    """Harrell's C on at most 2,000 rows."""
    duration, event, risk = duration[:2000], event[:2000], risk[:2000]
    later = (duration[None, :] > duration[:, None]) & event[:, None]
    pairs = later.sum()
    right = (later & (risk[None, :] < risk[:, None])).sum() + 0.5 * (later & (risk[None, :] == risk[:, None])).sum()
    return float(right / pairs) if pairs else 0.5
