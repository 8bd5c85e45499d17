"""Submissions with one column for each of several labels."""

from typing import Any

import numpy as np
import pandas as pd

from smith_task.metrics.shared.numbers import finite_numbers
from smith_task.metrics.shared.table import aligned


def read_label_scores(truth: pd.DataFrame, submission: Any, targets: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """True values (1, 0, or NaN where unknown) and scores: one row for each id, one column for each label."""
    rows = aligned(submission, truth, targets)
    known = np.column_stack([truth[name].to_numpy(dtype=float, na_value=np.nan) for name in targets])
    if not np.isin(known[~np.isnan(known)], (0, 1)).all():
        raise ValueError("the answers hold something else than 0, 1 or nothing")
    return known, np.column_stack([finite_numbers(rows[name]) for name in targets])
