"""Root mean squared error."""

import numpy as np


def rmse(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Square root of the mean squared error."""
    return float(np.sqrt(np.mean((truth - predicted) ** 2)))
