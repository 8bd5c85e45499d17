"""Columns of numbers."""

import numpy as np
import pandas as pd
from mledojo.metrics.base import InvalidSubmissionError

from smith_task.metrics.shared.text import shown

LIMIT = 1e100


def finite_numbers(values: pd.Series) -> np.ndarray:
    """A submitted column as finite floats; beyond ±1e100 they count as that, so that no error overflows."""
    if values.dtype.kind not in "iufO":
        raise InvalidSubmissionError(f"Column {values.name!r} must hold numbers, not {values.dtype}.")
    if values.isna().any():
        raise InvalidSubmissionError(f"Column {values.name!r} has {int(values.isna().sum())} missing value(s) (NaN).")
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    if np.isnan(numbers).any():
        raise InvalidSubmissionError(
            f"Column {values.name!r} must hold numbers, found {shown(values[np.isnan(numbers)])}."
        )
    if np.isinf(numbers).any():
        raise InvalidSubmissionError(f"Column {values.name!r} has {int(np.isinf(numbers).sum())} infinite value(s).")
    return np.clip(numbers, -LIMIT, LIMIT)


def true_numbers(values: pd.Series) -> np.ndarray:
    """A column of the answers as floats."""
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    if not np.isfinite(numbers).all():
        raise ValueError(f"the answers' column {values.name!r} has missing or infinite values")
    return numbers
