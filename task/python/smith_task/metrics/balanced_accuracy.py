"""Balanced accuracy."""

import numpy as np


def balanced_accuracy(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Mean over the labels that occur in the answers of the share of their rows that is found."""
    rows = np.bincount(truth)
    found = np.bincount(truth[truth == predicted], minlength=len(rows))
    return float(np.mean(found[rows > 0] / rows[rows > 0]))
