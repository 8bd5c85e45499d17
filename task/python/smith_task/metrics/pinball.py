"""Pinball loss."""

import numpy as np


def pinball(truth: np.ndarray, predicted: np.ndarray, quantile: float) -> float:
    """Mean of `quantile` × what the prediction lacks, or (1 − `quantile`) × what it has too much."""
    lack = truth - predicted
    return float(np.mean(np.maximum(quantile * lack, (quantile - 1) * lack)))
