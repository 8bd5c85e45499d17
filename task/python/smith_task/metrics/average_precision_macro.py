"""Average precision, averaged over labels."""

import numpy as np

from smith_task.metrics.average_precision import average_precision


def average_precision_macro(known: np.ndarray, scores: np.ndarray) -> float:
    """Mean average precision over the columns that have a positive row; NaN marks what is not known."""
    values = []
    for truth, score in zip(known.T, scores.T, strict=True):
        mask = ~np.isnan(truth)
        if (truth[mask] == 1).any():
            values.append(average_precision(truth[mask] == 1, score[mask]))
    return float(np.mean(values)) if values else 0.0
