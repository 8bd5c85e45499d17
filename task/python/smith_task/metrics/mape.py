"""Mean absolute percentage error."""

import numpy as np


def mape(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Mean of |error| / |truth| over the rows whose truth is not 0; without such rows, the mean of |error|."""
    error = np.abs(truth - predicted)
    counted = truth != 0
    if not counted.any():
        return float(np.mean(error))
    return float(np.mean(error[counted] / np.abs(truth[counted])))
