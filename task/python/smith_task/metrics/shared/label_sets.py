"""Submissions of 0 or 1 for each of several labels."""

from typing import Any

import numpy as np
import pandas as pd
from mledojo.metrics.base import InvalidSubmissionError

from smith_task.metrics.shared.label_scores import read_label_scores


def read_label_sets(truth: pd.DataFrame, submission: Any, targets: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """True values (1, 0, or NaN where unknown) and predicted ones (1 or 0), as `read_label_scores`."""
    known, predicted = read_label_scores(truth, submission, targets)
    if not np.isin(predicted, (0, 1)).all():
        raise InvalidSubmissionError("Every label column must hold 0 or 1 (not a probability or another number).")
    return known, predicted
