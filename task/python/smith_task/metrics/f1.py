"""F1 of the positive label."""

import numpy as np


def f1(truth: np.ndarray, predicted: np.ndarray, positive: int) -> float:
    """Harmonic mean of precision and recall of the positive label; 0 when it occurs nowhere."""
    right = np.sum((truth == positive) & (predicted == positive))
    named = np.sum(truth == positive) + np.sum(predicted == positive)
    return float(2 * right / named) if named else 0.0
