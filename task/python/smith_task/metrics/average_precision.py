"""Average precision."""

import numpy as np


def average_precision(positive: np.ndarray, score: np.ndarray) -> float:
    """Precision at each distinct score, weighted by the recall it adds; 0 when there is no positive row."""
    positives = int(positive.sum())
    if positives == 0:
        return 0.0
    order = np.argsort(-score, kind="stable")
    last_of_tie = np.append(np.diff(score[order]) != 0, True)
    found = np.cumsum(positive[order])[last_of_tie]
    precision = found / (np.flatnonzero(last_of_tie) + 1)
    return float(np.sum(np.diff(found, prepend=0) * precision) / positives)
