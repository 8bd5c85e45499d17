"""User-item ratings: biases (Koren, 2009), trees on smoothed means, and matrix factorisation by alternating least squares."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smith_ladder.decide import bounded, goal_of, quality
from smith_ladder.models import SEED, boosted
from smith_ladder.problem import Problem
from smith_ladder.tables import build_matrices

FACTORS, SWEEPS, STRENGTH = 8, 8, 8.0


class RatingsSolver:
    """Predicts numbers from two columns that name a user and an item, and from the other columns."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.keys = entity_columns(problem)
        self.codes_train, self.codes_test, self.sizes = [], [], []
        for name in self.keys:
            codes, levels = pd.factorize(pd.concat([problem.train[name], problem.test[name]], ignore_index=True).astype(str))
            self.codes_train.append(codes[: len(problem.train)])
            self.codes_test.append(codes[len(problem.train) :])
            self.sizes.append(len(levels))
        others = [name for name in problem.features if name not in self.keys]
        self.matrices = build_matrices(problem.train, problem.test, others)
        self.rows = np.arange(len(problem.y))

    def simple(self) -> tuple[pd.DataFrame, str]:
        return self._answer(self._biases(self.rows, self.codes_test)), f"mean and biases of {' and '.join(self.keys)}"

    def strong(self, rows: np.ndarray | None = None) -> tuple[pd.DataFrame, str]:
        """The best of biases, factors and trees on held-out rows."""
        rows = self.rows if rows is None else rows
        y = self.problem.y
        held = np.random.default_rng(SEED + 1).random(len(rows)) < 0.2
        fit, rest = rows[~held], rows[held]
        asked = [codes[rest] for codes in self.codes_train]
        guesses = {
            "biases": self._biases(fit, asked),
            "matrix factorisation": self._factors(fit, asked),
            "boosted trees on smoothed means": self._trees(fit, asked, self.matrices.trees_train[rest]),
        }
        losses = {name: quality(self.problem, y[rest], guess) for name, guess in guesses.items()}
        best = min(losses, key=lambda name: losses[name])
        if best == "biases":
            final = self._biases(rows, self.codes_test)
        elif best == "matrix factorisation":
            final = self._factors(rows, self.codes_test)
        else:
            final = self._trees(rows, self.codes_test, self.matrices.trees_test)
        return self._answer(final), best

    def limited(self) -> tuple[pd.DataFrame, str]:
        count = len(self.rows)
        size = min(count, max(50, count // 10))
        frame, name = self.strong(np.sort(np.random.default_rng(SEED + 2).permutation(count)[:size]))
        return frame, f"{name} on {size} of {count} rows"

    def _answer(self, predicted: np.ndarray) -> pd.DataFrame:
        low, high = self.problem.y.min(), self.problem.y.max()
        column = self.problem.manifest["submission"]["columns"][0]
        return self.problem.submission(**{column: np.clip(bounded(self.problem, predicted), low, high)})

    def _fitted_biases(self, rows: np.ndarray) -> tuple[float, list[np.ndarray]]:
        y = self.problem.y[rows]
        mean = float(y.mean())
        biases = [np.zeros(size) for size in self.sizes]
        codes = [part[rows] for part in self.codes_train]
        for _ in range(5):
            for place in range(len(codes)):
                rest = y - mean - sum(biases[other][codes[other]] for other in range(len(codes)) if other != place)
                total = np.bincount(codes[place], weights=rest, minlength=self.sizes[place])
                biases[place] = total / (np.bincount(codes[place], minlength=self.sizes[place]) + STRENGTH)
        return mean, biases

    def _biases(self, rows: np.ndarray, asked: list[np.ndarray]) -> np.ndarray:
        mean, biases = self._fitted_biases(rows)
        return mean + sum(bias[codes] for bias, codes in zip(biases, asked, strict=True))

    def _factors(self, rows: np.ndarray, asked: list[np.ndarray]) -> np.ndarray:
        base = self._biases(rows, asked)
        if len(self.keys) < 2:
            return base
        left = self.problem.y[rows] - self._biases(rows, [codes[rows] for codes in self.codes_train])
        users, items = self.codes_train[0][rows], self.codes_train[1][rows]
        random = np.random.default_rng(SEED)
        factors = [random.normal(0, 0.1, (size, FACTORS)) for size in self.sizes[:2]]
        for _ in range(SWEEPS):
            for own, other, mine, theirs in ((0, 1, users, items), (1, 0, items, users)):
                factors[own] = _least_squares(mine, factors[other][theirs], left, self.sizes[own])
        return base + (factors[0][asked[0]] * factors[1][asked[1]]).sum(axis=1)

    def _trees(self, rows: np.ndarray, asked: list[np.ndarray], extra: np.ndarray) -> np.ndarray:
        """Means and counts of an entity's other ratings, for train rows without the row itself."""
        y = self.problem.y
        mean = float(y[rows].mean())
        train, test = [self.matrices.trees_train[rows]], [extra]
        for codes, wanted, size in zip(self.codes_train, asked, self.sizes, strict=True):
            own = codes[rows]
            count = np.bincount(own, minlength=size).astype(float)
            total = np.bincount(own, weights=y[rows] - mean, minlength=size)
            train.append(np.column_stack([(total[own] - (y[rows] - mean)) / (count[own] - 1 + STRENGTH), count[own] - 1]))
            test.append(np.column_stack([total[wanted] / (count[wanted] + STRENGTH), count[wanted]]))
        return boosted(np.hstack(train), y[rows], np.hstack(test), goal_of(self.problem), rounds=120)[0]


def _least_squares(own: np.ndarray, features: np.ndarray, goal: np.ndarray, size: int) -> np.ndarray:
    """Ridge weights of each entity over its rows, all at once."""
    grams = np.zeros((size, FACTORS, FACTORS))
    right = np.zeros((size, FACTORS))
    for first in range(FACTORS):
        right[:, first] = np.bincount(own, weights=features[:, first] * goal, minlength=size)
        for second in range(first, FACTORS):
            grams[:, first, second] = grams[:, second, first] = np.bincount(own, weights=features[:, first] * features[:, second], minlength=size)
    return np.linalg.solve(grams + STRENGTH * np.eye(FACTORS), right[..., None])[..., 0]


def entity_columns(problem: Problem) -> list[str]:
    """The two columns that name users and items: those whose values recur most evenly on both sides."""
    named = [name for name in problem.manifest["split"]["groups"] if name in problem.features]
    candidates = []
    for name in problem.features:
        distinct = problem.train[name].nunique()
        if 10 <= distinct <= len(problem.train) / 2 and not pd.api.types.is_float_dtype(problem.train[name]):
            candidates.append((distinct, name))
    largest = [name for _, name in sorted(candidates, reverse=True)]
    return list(dict.fromkeys([*named, *largest]))[:2] or problem.features[:2]
