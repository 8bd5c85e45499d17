"""Mean absolute error."""

import numpy as np


def mae(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Mean absolute error."""
    return float(np.mean(np.abs(truth - predicted)))
