"""Spearman's rank correlation."""

import numpy as np

from smith_task.metrics.shared.ranks import average_ranks


def spearman(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Correlation of the ranks, ties sharing their mean rank; 0 when either is constant."""
    first, second = average_ranks(truth), average_ranks(predicted)
    first, second = first - first.mean(), second - second.mean()
    size = np.sqrt((first @ first) * (second @ second))
    return float(np.clip(first @ second / size, -1, 1)) if size > 0 else 0.0
