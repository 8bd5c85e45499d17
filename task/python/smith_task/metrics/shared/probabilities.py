"""Submissions of one probability for each label."""

from typing import Any

import numpy as np
import pandas as pd
from mledojo.metrics.base import InvalidSubmissionError

from smith_task.metrics.shared.labels import true_codes
from smith_task.metrics.shared.numbers import finite_numbers
from smith_task.metrics.shared.table import aligned

TOLERANCE = 0.01


def read_probabilities(
    truth: pd.DataFrame, submission: Any, target: str, labels: list[str]
) -> tuple[np.ndarray, np.ndarray]:
    """True labels as positions in `labels`, and one row of probabilities each, divided by its sum."""
    rows = aligned(submission, truth, labels)
    probabilities = np.column_stack([finite_numbers(rows[label]) for label in labels])
    if (probabilities < 0).any() or (probabilities > 1).any():
        raise InvalidSubmissionError("Probabilities must lie between 0 and 1.")
    sums = probabilities.sum(axis=1)
    wrong = np.abs(sums - 1) > TOLERANCE
    if wrong.any():
        raise InvalidSubmissionError(
            f"The probabilities of each row must sum to 1 (±{TOLERANCE}); {int(wrong.sum())} row(s) do not, "
            f"such as one that sums to {sums[wrong][0]:.4g}."
        )
    return true_codes(truth[target], labels), probabilities / sums[:, None]
