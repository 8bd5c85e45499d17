"""Simple, strong and limited solvers for rows with features: tables, texts, images, sounds, short series."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smith_ladder.decide import goal_of, quality, to_submission, tune
from smith_ladder.media.features import media_features
from smith_ladder.models import SEED, boosted, discriminant, linear
from smith_ladder.problem import Problem
from smith_ladder.tables import Matrices, build_matrices

MOST_FOLDED = 1000


class GeneralSolver:
    """Models on one matrix of features. `solve` answers for the test rows."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.goal = goal_of(problem)
        extra = media_features(problem) if problem.media is not None else None
        self.matrices: Matrices = build_matrices(problem.train, problem.test, problem.features, extra)
        # Trees on thousands of sparse terms, or for dozens of classes, cost much and gain little.
        few_columns = self.matrices.trees_train.shape[1] > 0
        self.boosting = few_columns and self.goal.classes <= 40 and not (self.matrices.has_text and self.goal.classes > 10)

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
        """The best of linear, discriminant, boosted trees and their mean, chosen on held-out rows of train; fitted on all rows."""
        problem, matrices, goal = self.problem, self.matrices, self.goal
        rows = np.arange(len(problem.y)) if rows is None else rows
        y = problem.y
        if goal.classes > 0 and len(np.unique(y[rows])) < 2:
            raise ValueError("the rows have one class only")
        found: dict[str, list[np.ndarray]] = {}
        rounds = []
        parts = self._folds(rows)
        for fit, held in parts:
            guesses = {"linear": linear(matrices.linear_train[fit], y[fit], matrices.linear_train[held], goal)}
            if self.discriminates(fit):
                guesses["linear discriminant analysis"] = discriminant(matrices.linear_train[fit], y[fit], matrices.linear_train[held], goal.classes)
            if self.boosting:
                sides = matrices.trees_train[fit], y[fit], matrices.trees_train[held]
                guesses["boosted trees"], best_round = boosted(*sides, goal, matrices.categorical, held=(matrices.trees_train[held], y[held]))
                rounds.append(best_round)
                guesses["mean of linear and boosted trees"] = (guesses["linear"] + guesses["boosted trees"]) / 2
            if self.problem.media is not None:
                guesses["one constant value"] = self._constant(fit, len(held))
            for name, guess in guesses.items():
                found.setdefault(name, []).append(guess)
        held = np.concatenate([held for _, held in parts])
        guesses = {name: np.concatenate(several) for name, several in found.items()}
        losses = {name: quality(problem, y[held], guess) for name, guess in guesses.items()}
        best = min(losses, key=lambda name: losses[name])
        predicted = []
        if best == "one constant value":
            predicted.append(self._constant(rows, len(self.problem.test)))
        if best in {"linear", "mean of linear and boosted trees"}:
            predicted.append(linear(matrices.linear_train[rows], y[rows], matrices.linear_test, goal))
        if best == "linear discriminant analysis":
            predicted.append(discriminant(matrices.linear_train[rows], y[rows], matrices.linear_test, goal.classes))
        if best in {"boosted trees", "mean of linear and boosted trees"}:
            more = int(np.mean(rounds) * 1.2) + 1
            predicted.append(boosted(matrices.trees_train[rows], y[rows], matrices.trees_test, goal, matrices.categorical, rounds=more)[0])
        tuned = tune(problem, y[held], guesses[best]) if self._wants_tuning() else None
        return to_submission(problem, sum(predicted) / len(predicted), tuned), best

    def discriminates(self, rows: np.ndarray) -> bool:
        """Classes of a plain table with many more rows than columns, where a discriminant is cheap and stable."""
        matrix = self.matrices.linear_train
        plain = self.problem.media is None and not self.matrices.has_text and not hasattr(matrix, "tocsr")
        return plain and 0 < self.goal.classes <= 10 and matrix.shape[1] <= 60 and len(rows) >= 10 * matrix.shape[1]

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
        """Rows to fit and to choose with: one pair, or three where files are too few for one to tell models apart."""
        problem = self.problem
        if problem.media is None or problem.by_time or problem.groups or not 60 <= len(rows) <= MOST_FOLDED:
            return [self._parts(rows)]
        fold = np.random.default_rng(SEED + 1).permutation(len(rows)) % 3
        return [(rows[fold != number], rows[fold == number]) for number in range(3)]

    def _constant(self, rows: np.ndarray, count: int) -> np.ndarray:
        """What is best without a feature, `count` times: shares of classes, or a middle."""
        y, goal = self.problem.y[rows], self.goal
        if goal.classes > 0:
            return np.tile(np.bincount(y, minlength=goal.classes) / len(y), (count, 1))
        if goal.logarithm:
            return np.full(count, np.expm1(np.log1p(np.maximum(y, 0)).mean()))
        return np.full(count, {"l1": np.median(y), "quantile": np.quantile(y, goal.quantile)}.get(goal.loss, y.mean()))

    def _wants_tuning(self) -> bool:
        return self.goal.classes > 0 and self.problem.submission_kind == "label"
