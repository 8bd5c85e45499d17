"""Mean absolute scaled error."""

import numpy as np


def mase(truth: np.ndarray, predicted: np.ndarray, scale: np.ndarray) -> float:
    """Mean of |error| / scale of the row's series; a scale of 0 (a series constant in training) counts as 1."""
    return float(np.mean(np.abs(truth - predicted) / np.where(scale > 0, scale, 1.0)))
