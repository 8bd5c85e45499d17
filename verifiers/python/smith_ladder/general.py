"""Simple, strong and limited solvers for rows with features: tables, texts, images, sounds, short series."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smith_ladder.decide import goal_of, quality, to_submission, tune
from smith_ladder.media.features import media_features
from smith_ladder.members import Models
from smith_ladder.models import SEED, linear
from smith_ladder.problem import Problem
from smith_ladder.single import best_column
from smith_ladder.tables import Matrices, build_matrices

MOST_FOLDED = 1000


class GeneralSolver:
    """Models on one matrix of features. `solve` answers for the test rows."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.goal = goal_of(problem)
        extra = media_features(problem) if problem.media is not None else None
        self.matrices: Matrices = build_matrices(problem.train, problem.test, problem.features, extra)

    def held_rows(self, rows: np.ndarray) -> np.ndarray:
        """Which of these rows are held out to choose with: whole groups, the latest, or a random fifth."""
        problem = self.problem
        random = np.random.default_rng(SEED + 1)
        if problem.by_time and problem.manifest["split"]["time"] in problem.train:
            order = problem.train[problem.manifest["split"]["time"]].iloc[rows].rank(method="first").to_numpy()
            return order > 0.8 * len(rows)
        if problem.groups:
            codes = problem.train[problem.groups].iloc[rows].astype(str).agg("|".join, axis=1).factorize()[0]
            chosen = random.random(codes.max() + 1) < 0.2
            if 0 < chosen[codes].sum() < len(rows):
                return chosen[codes]
        held = np.zeros(len(rows), dtype=bool)
        held[random.permutation(len(rows))[: max(1, len(rows) // 5)]] = True
        return held

    def simple(self) -> tuple[pd.DataFrame, str]:
        """Linear, on all rows."""
        problem, matrices = self.problem, self.matrices
        predicted = linear(matrices.linear_train, problem.y, matrices.linear_test, self.goal)
        tuned = None
        if self._wants_tuning():
            fit, held = self._parts(np.arange(len(problem.y)))
            tuned = tune(problem, problem.y[held], linear(matrices.linear_train[fit], problem.y[fit], matrices.linear_train[held], self.goal))
        name = "ridge regression" if self.goal.classes == 0 else "logistic regression"
        return to_submission(problem, predicted, tuned), name + (" on TF-IDF and columns" if matrices.has_text else "")

    def strong(self, rows: np.ndarray | None = None) -> tuple[pd.DataFrame, str]:
        """The best of several models and their means, chosen on held-out rows of train; fitted on all rows."""
        problem, matrices, goal = self.problem, self.matrices, self.goal
        rows = np.arange(len(problem.y)) if rows is None else rows
        if goal.classes > 0 and len(np.unique(problem.y[rows])) < 2:
            raise ValueError("the rows have one class only")
        parts = self._folds(rows)
        models = Models(problem, matrices, goal, len(rows))
        guesses = models.of_parts(parts)
        held = np.concatenate([held for _, held in parts])
        losses = {name: quality(problem, problem.y[held], guess) for name, guess in guesses.items()}
        best = min(losses, key=lambda name: losses[name])
        tuned = tune(problem, problem.y[held], guesses[best]) if self._wants_tuning() else None
        return to_submission(problem, models.for_test(best, rows), tuned), best

    def single(self) -> tuple[pd.DataFrame, str]:
        """The strong procedure on the one column that tells most on held-out rows of train."""
        problem = self.problem
        if self.matrices.has_text:
            raise ValueError("a text says more than one thing: no column is compared with all")
        best = best_column(problem, *self._parts(np.arange(len(problem.y))))
        frame, name = GeneralSolver(problem.with_features([best])).strong()
        return frame, f"{name} on {best} alone"

    def limited(self) -> tuple[pd.DataFrame, str]:
        """The strong procedure on a tenth of the rows, at least 20."""
        count = len(self.problem.y)
        size = min(count, max(20, count // 10))
        rows = np.sort(np.random.default_rng(SEED + 2).permutation(count)[:size])
        frame, name = self.strong(rows)
        return frame, f"{name} on {size} of {count} rows"

    def _parts(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        held = self.held_rows(rows)
        fit = ~held
        # Trees need every class among the rows that they learn from.
        return rows[fit], rows[held]

    def _folds(self, rows: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        """Rows to fit and to choose with: one pair, or three where rows are too few for one to tell models apart."""
        problem = self.problem
        if problem.by_time or problem.groups or not 60 <= len(rows) <= MOST_FOLDED:
            return [self._parts(rows)]
        fold = np.random.default_rng(SEED + 1).permutation(len(rows)) % 3
        return [(rows[fold != number], rows[fold == number]) for number in range(3)]

    def _wants_tuning(self) -> bool:
        return self.goal.classes > 0 and self.problem.submission_kind == "label"
