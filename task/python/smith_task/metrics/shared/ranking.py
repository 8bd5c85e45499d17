"""Submissions of one score for each row, ranked within queries."""

from typing import Any

import numpy as np
import pandas as pd

from smith_task.metrics.shared.numbers import finite_numbers, true_numbers
from smith_task.metrics.shared.table import aligned


def read_rankings(
    truth: pd.DataFrame, submission: Any, target: str, query: str
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Relevance and score of the rows of each query."""
    rows = aligned(submission, truth, [target])
    relevance, score = true_numbers(truth[target]), finite_numbers(rows[target])
    codes, _ = pd.factorize(truth[query])
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order])) + 1
    return [(relevance[part], score[part]) for part in np.split(order, starts)]
