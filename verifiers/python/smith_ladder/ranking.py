"""Ranking within queries: a linear score, trees on relevance, and LambdaMART (Burges, 2010)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smith_ladder.models import SEED, Goal, boosted, linear
from smith_ladder.problem import Problem
from smith_ladder.tables import build_matrices


class RankingSolver:
    """Gives every row a score; rows of one query are ordered by it."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.query = query_column(problem)
        self.matrices = build_matrices(problem.train, problem.test, [name for name in problem.features if name != self.query])
        self.queries = problem.train[self.query].factorize()[0] if self.query else np.zeros(len(problem.y), dtype=int)
        self.rows = np.arange(len(problem.y))

    def simple(self) -> tuple[pd.DataFrame, str]:
        return self._answer(linear(self.matrices.linear_train, self.problem.y, self.matrices.linear_test, Goal(0))), "ridge regression of relevance"

    def strong(self, rows: np.ndarray | None = None) -> tuple[pd.DataFrame, str]:
        """The best on queries held out."""
        rows = self.rows if rows is None else rows
        matrices, y = self.matrices, self.problem.y
        held = (np.random.default_rng(SEED + 1).random(self.queries.max() + 1) < 0.25)[self.queries[rows]]
        if held.all() or not held.any():
            held = np.arange(len(rows)) % 4 == 0
        fit, rest = rows[~held], rows[held]
        guesses = {
            "ridge": linear(matrices.linear_train[fit], y[fit], matrices.linear_train[rest], Goal(0)),
            "boosted trees on relevance": self._trees(fit, matrices.trees_train[rest]),
            "LambdaMART": self._lambda(fit, matrices.trees_train[rest]),
        }
        gains = {name: mean_ndcg(y[rest], guess, self.queries[rest]) for name, guess in guesses.items()}
        best = max(gains, key=lambda name: gains[name])
        if best == "ridge":
            return self._answer(linear(matrices.linear_train[rows], y[rows], matrices.linear_test, Goal(0))), best
        fitted = self._trees(rows, matrices.trees_test) if best.startswith("boosted") else self._lambda(rows, matrices.trees_test)
        return self._answer(fitted), best

    def limited(self) -> tuple[pd.DataFrame, str]:
        count = self.queries.max() + 1
        chosen = np.random.default_rng(SEED + 2).permutation(count)[: max(4, count // 10)]
        rows = self.rows[np.isin(self.queries, chosen)]
        frame, name = self.strong(rows)
        return frame, f"{name} on {len(chosen)} of {count} queries"

    def _trees(self, rows: np.ndarray, asked: np.ndarray) -> np.ndarray:
        return boosted(self.matrices.trees_train[rows], self.problem.y[rows], asked, Goal(0), self.matrices.categorical, rounds=100)[0]

    def _lambda(self, rows: np.ndarray, asked: np.ndarray) -> np.ndarray:
        import lightgbm

        order = rows[np.argsort(self.queries[rows], kind="stable")]
        sizes = np.unique(self.queries[order], return_counts=True)[1]
        grades = np.unique(self.problem.y, return_inverse=True)[1]
        parameters = {
            "objective": "lambdarank", "learning_rate": 0.08, "num_leaves": 15, "min_data_in_leaf": 10, "num_threads": 1,
            "deterministic": True, "force_row_wise": True, "seed": SEED, "verbosity": -1, "feature_fraction": 0.6,
            "label_gain": [2 ** min(grade, 30) - 1 for grade in range(int(grades.max()) + 1)],
        }  # fmt: skip
        data = lightgbm.Dataset(self.matrices.trees_train[order], grades[order], group=sizes, params={"verbosity": -1})
        return lightgbm.train(parameters, data, 80).predict(asked, num_threads=1)

    def _answer(self, scores: np.ndarray) -> pd.DataFrame:
        return self.problem.submission(**{self.problem.manifest["submission"]["columns"][0]: scores})


def query_column(problem: Problem) -> str | None:
    """The column that names the query: auxiliary or group, as far as train shows it."""
    for name in [*problem.manifest["auxiliary"], *problem.manifest["split"]["groups"]]:
        if name in problem.train.columns:
            return name
    return None


def mean_ndcg(truth: np.ndarray, scores: np.ndarray, queries: np.ndarray, k: int = 10) -> float:
    """Mean normalised discounted gain over queries with a relevant row."""
    values = []
    for query in np.unique(queries):
        inside = queries == query
        gains = 2.0 ** truth[inside] - 1
        discounts = 1 / np.log2(np.arange(2, min(k, len(gains)) + 2))
        ideal = np.sort(gains)[::-1][:k] @ discounts
        if ideal > 0:
            values.append(gains[np.argsort(-scores[inside], kind="stable")][:k] @ discounts / ideal)
    return float(np.mean(values)) if values else 0.0
