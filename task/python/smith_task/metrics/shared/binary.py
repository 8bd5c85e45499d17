"""Submissions of one score for each row, for two classes."""

from typing import Any

import numpy as np
import pandas as pd

from smith_task.metrics.shared.labels import true_codes
from smith_task.metrics.shared.numbers import finite_numbers
from smith_task.metrics.shared.table import aligned


def read_binary_scores(
    truth: pd.DataFrame, submission: Any, target: str, labels: list[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Which rows are positive (the last label), and the scores, in the order of the answers."""
    rows = aligned(submission, truth, [target])
    return true_codes(truth[target], labels) == len(labels) - 1, finite_numbers(rows[target])
