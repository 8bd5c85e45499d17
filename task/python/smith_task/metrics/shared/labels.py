"""Submissions of one label for each row."""

from typing import Any

import numpy as np
import pandas as pd
from mledojo.metrics.base import InvalidSubmissionError

from smith_task.metrics.shared.table import aligned
from smith_task.metrics.shared.text import distinct_texts, plain_text, plain_texts, shown


def read_labels(truth: pd.DataFrame, submission: Any, target: str, labels: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """True and predicted labels as positions in `labels`, in the order of the answers."""
    rows = aligned(submission, truth, [target])
    predicted = label_codes(rows[target], labels)
    if (predicted < 0).any():
        missing = int(rows[target].isna().sum())
        if missing:
            raise InvalidSubmissionError(f"Column {target!r} has {missing} missing value(s) (NaN).")
        unknown = pd.unique(plain_texts(rows[target][predicted < 0]))
        raise InvalidSubmissionError(
            f"Unknown label(s) {shown(unknown)} in {target!r}; allowed: {', '.join(labels)[:500]}."
        )
    return true_codes(truth[target], labels), predicted


def true_codes(values: pd.Series, labels: list[str]) -> np.ndarray:
    """A column of the answers as positions in `labels`."""
    codes = label_codes(values, labels)
    if (codes < 0).any():
        raise ValueError(f"the answers' column {values.name!r} has a label that is not declared")
    return codes


def label_codes(values: pd.Series, labels: list[str]) -> np.ndarray:
    """Positions in `labels`; −1 for what is not among them."""
    position = {plain_text(label): code for code, label in enumerate(labels)}
    rows, texts = distinct_texts(values)
    return np.array([*(position.get(text, -1) for text in texts), -1])[rows]
