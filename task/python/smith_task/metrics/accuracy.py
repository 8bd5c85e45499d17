"""Accuracy."""

import numpy as np


def accuracy(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Share of rows whose label is right."""
    return float(np.mean(truth == predicted))
