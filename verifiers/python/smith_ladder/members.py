"""The models among which the strong solver chooses, and their means."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from smith_ladder.models import MOST_ROUNDS, Goal, boosted, discriminant, linear, random_trees
from smith_ladder.problem import Problem
from smith_ladder.tables import Matrices

# Random trees need much time and memory for what they gain on more rows or columns.
MOST_OF_RANDOM_TREES = (2000, 100)
MEANS = {
    "mean of linear and boosted trees": ("linear", "boosted trees"),
    "mean of linear, boosted and random trees": ("linear", "boosted trees", "random trees"),
}
CONSTANT = "one constant value"
# What grows by shares, as prices do, is a line there.
IN_LOGARITHMS = "linear in logarithms"


class Models:
    """Which models suit a task with so many rows to learn from, and what they answer."""

    def __init__(self, problem: Problem, matrices: Matrices, goal: Goal, rows: int) -> None:
        self.problem, self.matrices, self.goal = problem, matrices, goal
        self.rounds: list[int] = []
        width = matrices.trees_train.shape[1]
        # Trees on thousands of sparse terms, or for dozens of classes, cost much and gain little.
        boosting = width > 0 and goal.classes <= 40 and not (matrices.has_text and goal.classes > 10)
        plain = problem.media is None and not matrices.has_text
        self.names = ["linear"]
        if goal.classes == 0 and not goal.logarithm and problem.y.min() > 0:
            self.names.append(IN_LOGARITHMS)
        if boosting:
            self.names.append("boosted trees")
        if boosting and plain and goal.loss == "l2" and rows <= MOST_OF_RANDOM_TREES[0] and 2 <= width <= MOST_OF_RANDOM_TREES[1]:
            self.names.append("random trees")
        if problem.media is not None:
            self.names.append(CONSTANT)

    def of_parts(self, parts: list[tuple[np.ndarray, np.ndarray]]) -> dict[str, np.ndarray]:
        """Answers of every model and mean for the held-out rows of pairs (rows to fit, rows held out), in their order."""
        found: dict[str, list[np.ndarray]] = {}
        for fit, held in parts:
            names = [*self.names, *(["linear discriminant analysis"] if self._discriminates(fit) else [])]
            guesses = {name: self._answer(name, fit, held) for name in names}
            for name, members in MEANS.items():
                if set(members) <= set(guesses):
                    guesses[name] = np.mean([guesses[member] for member in members], axis=0)
            for name, guess in guesses.items():
                found.setdefault(name, []).append(guess)
        return {name: np.concatenate(several) for name, several in found.items() if len(several) == len(parts)}

    def for_test(self, name: str, rows: np.ndarray) -> np.ndarray:
        """Answers of a model or mean, fitted on these rows, for the test."""
        return np.mean([self._answer(member, rows, None) for member in MEANS.get(name, (name,))], axis=0)

    def _answer(self, name: str, fit: np.ndarray, held: np.ndarray | None) -> np.ndarray:
        """Class probabilities (n, classes) or numbers (n,) for held-out rows of train, or for the test."""
        matrices, goal, y = self.matrices, self.goal, self.problem.y[fit]
        if name == CONSTANT:
            return _constant(y, goal, len(self.problem.test) if held is None else len(held))
        straight = matrices.linear_train[fit], y, matrices.linear_test if held is None else matrices.linear_train[held]
        if name == "linear":
            return linear(*straight, goal)
        if name == IN_LOGARITHMS:
            return linear(*straight, replace(goal, logarithm=True))
        if name == "linear discriminant analysis":
            return discriminant(*straight, goal.classes)
        branching = matrices.trees_train[fit], y, matrices.trees_test if held is None else matrices.trees_train[held]
        if name == "random trees":
            return random_trees(*branching, goal)
        if held is None:
            rounds = int(np.mean(self.rounds) * 1.2) + 1 if self.rounds else MOST_ROUNDS
            return boosted(*branching, goal, matrices.categorical, rounds=rounds)[0]
        answer, best = boosted(*branching, goal, matrices.categorical, held=(matrices.trees_train[held], self.problem.y[held]))
        self.rounds.append(best)
        return answer

    def _discriminates(self, rows: np.ndarray) -> bool:
        """Classes of a plain table with many more rows than columns, where a discriminant is cheap and stable."""
        matrix = self.matrices.linear_train
        plain = self.problem.media is None and not self.matrices.has_text and not hasattr(matrix, "tocsr")
        return plain and 0 < self.goal.classes <= 10 and matrix.shape[1] <= 60 and len(rows) >= 10 * matrix.shape[1]


def _constant(y: np.ndarray, goal: Goal, count: int) -> np.ndarray:
    """What is best without a feature, `count` times: shares of classes, or a middle."""
    if goal.classes > 0:
        return np.tile(np.bincount(y, minlength=goal.classes) / len(y), (count, 1))
    if goal.logarithm:
        return np.full(count, np.expm1(np.log1p(np.maximum(y, 0)).mean()))
    return np.full(count, {"l1": np.median(y), "quantile": np.quantile(y, goal.quantile)}.get(goal.loss, y.mean()))
