"""Hamming loss."""

import numpy as np


def hamming(known: np.ndarray, predicted: np.ndarray) -> float:
    """Share of known label values that are wrong; NaN marks what is not known."""
    mask = ~np.isnan(known)
    return float(np.mean(known[mask] != predicted[mask])) if mask.any() else 0.0
