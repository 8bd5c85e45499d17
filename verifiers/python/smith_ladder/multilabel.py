"""Several labels per row: one model per label on the rows where it is known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smith_ladder.decide import auc
from smith_ladder.media.features import media_features
from smith_ladder.models import SEED, Goal, boosted, linear
from smith_ladder.problem import Problem
from smith_ladder.tables import build_matrices

MOST_BOOSTED = 20


class MultilabelSolver:
    """Predicts every target column by itself."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        extra = media_features(problem) if problem.media is not None else None
        self.matrices = build_matrices(problem.train, problem.test, problem.features, extra)
        self.columns: list[str] = problem.manifest["submission"]["columns"]
        self.rows = np.arange(len(problem.train))

    def simple(self) -> tuple[pd.DataFrame, str]:
        return self._answer({name: self._fit(name, self.rows, "linear")[0] for name in self.columns}), "logistic regression per label"

    def strong(self, rows: np.ndarray | None = None) -> tuple[pd.DataFrame, str]:
        """Per label the better of linear and boosted trees, chosen on held-out rows by the area under the curve."""
        rows = self.rows if rows is None else rows
        held = np.random.default_rng(SEED).random(len(rows)) < 0.2
        predictions, picked = {}, 0
        for place, name in enumerate(self.columns):
            family = "linear"
            y = self._target(name)
            known = ~np.isnan(y[rows])
            if place < MOST_BOOSTED and self.matrices.trees_train.shape[1] and 10 < np.nansum(y[rows]) < known.sum() - 10:
                truth = y[rows[held & known]] == 1
                guesses = {kind: self._fit(name, rows[~held], kind, rows[held & known])[1] for kind in ("linear", "boosted")}
                family = max(guesses, key=lambda kind: auc(truth, guesses[kind]))
                picked += family == "boosted"
            predictions[name] = self._fit(name, rows, family)[0]
        return self._answer(predictions), f"per label the better of linear and boosted trees ({picked} of {len(self.columns)} boosted)"

    def limited(self) -> tuple[pd.DataFrame, str]:
        count = len(self.rows)
        size = min(count, max(30, count // 10))
        frame, name = self.strong(np.sort(np.random.default_rng(SEED + 2).permutation(count)[:size]))
        return frame, f"{name} on {size} of {count} rows"

    def _target(self, name: str) -> np.ndarray:
        return pd.to_numeric(self.problem.train[name], errors="coerce").to_numpy(dtype=float, na_value=np.nan)

    def _fit(self, name: str, rows: np.ndarray, family: str, others: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Scores of the label for the test rows, and for other train rows."""
        matrices, y = self.matrices, self._target(name)
        rows = rows[~np.isnan(y[rows])]
        count = matrices.trees_test.shape[0]
        labels = y[rows].astype(int)
        others = rows[:0] if others is None else others
        if len(np.unique(labels)) < 2:
            level = float(labels.mean()) if len(labels) else 0.5
            return np.full(count, level), np.full(len(others), level)
        if family == "linear":
            train, test = matrices.linear_train, matrices.linear_test
            stack = _stack(test, train[others]) if len(others) else test
            scores = linear(train[rows], labels, stack, Goal(2))[:, 1]
        else:
            stack = np.vstack([matrices.trees_test, matrices.trees_train[others]])
            scores = boosted(matrices.trees_train[rows], labels, stack, Goal(2), matrices.categorical, rounds=60)[0][:, 1]
        return scores[:count], scores[count:]

    def _answer(self, scores: dict[str, np.ndarray]) -> pd.DataFrame:
        if self.problem.submission_kind == "scores":
            return self.problem.submission(**scores)
        decided = {}
        for name, values in scores.items():
            # F1 rewards calling rare labels more often than a half would.
            threshold = 0.5 if self.problem.metric == "hamming" else 0.35
            decided[name] = (values > threshold).astype(int)
        return self.problem.submission(**decided)


def _stack(left: object, right: object):  # noqa: ANN202 (sparse or dense, as given)
    from scipy import sparse

    return sparse.vstack([left, right], format="csr") if sparse.issparse(left) else np.vstack([left, right])
