"""Submissions of one score for each row, ranked within queries."""

from typing import Any

import numpy as np
import pandas as pd

from smith_task.metrics.shared.numbers import finite_numbers, true_numbers
from smith_task.metrics.shared.table import aligned


def read_rankings(
    truth: pd.DataFrame, submission: Any, target: str, query: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Relevance and score of each row, and its query as a number from 0, in the order of the answers."""
    rows = aligned(submission, truth, [target])
    return true_numbers(truth[target]), finite_numbers(rows[target]), pd.factorize(truth[query])[0]


def places(query: np.ndarray) -> np.ndarray:
    """Place from 1 of each row within its query; `query` is sorted."""
    sizes = np.bincount(query)
    return np.arange(1, len(query) + 1) - np.repeat(np.cumsum(sizes) - sizes, sizes)
