"""Coefficient of determination."""

import numpy as np


def r2(truth: np.ndarray, predicted: np.ndarray) -> float:
    """1 − squared error / squared error of the mean; for constant truth 1 if all is right, else 0."""
    residual = np.sum((truth - predicted) ** 2)
    total = np.sum((truth - truth.mean()) ** 2)
    if total == 0:
        return 1.0 if residual == 0 else 0.0
    return float(1 - residual / total)
