"""Macro-averaged F1."""

import numpy as np


def macro_f1(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Mean F1 over the labels that occur in the answers or in the predictions."""
    labels = int(max(truth.max(), predicted.max())) + 1
    right = np.bincount(truth[truth == predicted], minlength=labels)
    named = np.bincount(truth, minlength=labels) + np.bincount(predicted, minlength=labels)
    return float(np.mean(2 * right[named > 0] / named[named > 0]))
