"""Area under the ROC curve."""

import numpy as np

from smith_task.metrics.shared.ranks import average_ranks


def roc_auc(positive: np.ndarray, score: np.ndarray) -> float:
    """Chance that a positive row scores above a negative one, ties counting half; 0.5 when a class is absent."""
    positives = int(positive.sum())
    negatives = len(positive) - positives
    if positives == 0 or negatives == 0:
        return 0.5
    above = average_ranks(score)[positive].sum() - positives * (positives + 1) / 2
    return float(above / (positives * negatives))
