"""Micro-averaged F1 over labels."""

import numpy as np


def micro_f1(known: np.ndarray, predicted: np.ndarray) -> float:
    """F1 of all known label values taken together; 0 when nothing is positive. NaN marks what is not known."""
    mask = ~np.isnan(known)
    truth, guess = known[mask] == 1, predicted[mask] == 1
    named = truth.sum() + guess.sum()
    return float(2 * (truth & guess).sum() / named) if named else 0.0
