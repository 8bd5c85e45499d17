"""Submissions of one number for each row."""

import sys
from typing import Any

import numpy as np
import pandas as pd

from smith_task.metrics.shared.numbers import finite_numbers, true_numbers
from smith_task.metrics.shared.table import aligned


def read_values(truth: pd.DataFrame, submission: Any, target: str) -> tuple[np.ndarray, np.ndarray]:
    """True and predicted numbers, in the order of the answers."""
    rows = aligned(submission, truth, [target])
    return true_numbers(truth[target]), finite_numbers(rows[target])


def bounded(score: float) -> float:
    """The score as a finite float, whatever the predictions were."""
    return float(np.clip(score, -sys.float_info.max, sys.float_info.max))
