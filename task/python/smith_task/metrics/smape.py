"""Symmetric mean absolute percentage error."""

import numpy as np


def smape(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Mean of 2|error| / (|truth| + |prediction|), from 0 to 2; 0 where both are 0."""
    size = np.abs(truth) + np.abs(predicted)
    error = 2 * np.abs(truth - predicted)
    return float(np.mean(np.divide(error, size, out=np.zeros_like(error), where=size > 0)))
