"""Area under the ROC curve, averaged over labels."""

import numpy as np

from smith_task.metrics.roc_auc import roc_auc


def roc_auc_macro(known: np.ndarray, scores: np.ndarray) -> float:
    """Mean ROC AUC over the columns whose known values hold both 0 and 1; NaN marks what is not known."""
    areas = []
    for truth, score in zip(known.T, scores.T, strict=True):
        mask = ~np.isnan(truth)
        positive = truth[mask] == 1
        if positive.any() and not positive.all():
            areas.append(roc_auc(positive, score[mask]))
    return float(np.mean(areas)) if areas else 0.5
