"""Matthews correlation coefficient."""

import numpy as np


def matthews_correlation(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Correlation between true and predicted labels (Gorodkin's for several); 0 when either is constant."""
    rows = len(truth)
    labels = int(max(truth.max(), predicted.max())) + 1
    true_counts = np.bincount(truth, minlength=labels).astype(float)
    predicted_counts = np.bincount(predicted, minlength=labels).astype(float)
    covariance = np.sum(truth == predicted) * rows - true_counts @ predicted_counts
    variances = (rows**2 - true_counts @ true_counts) * (rows**2 - predicted_counts @ predicted_counts)
    return float(covariance / np.sqrt(variances)) if variances > 0 else 0.0
