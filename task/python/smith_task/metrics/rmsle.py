"""Root mean squared logarithmic error."""

import numpy as np


def rmsle(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Root mean squared difference of log(1 + value); a negative prediction counts as 0."""
    difference = np.log1p(truth) - np.log1p(np.maximum(predicted, 0))
    return float(np.sqrt(np.mean(difference**2)))
