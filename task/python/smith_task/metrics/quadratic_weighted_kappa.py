"""Quadratic weighted kappa."""

import numpy as np


def quadratic_weighted_kappa(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Agreement beyond chance, a disagreement weighing the square of its distance in levels."""
    observed = np.mean((truth - predicted) ** 2)
    levels = int(max(truth.max(), predicted.max())) + 1
    distance = (np.arange(levels)[:, None] - np.arange(levels)[None, :]) ** 2
    shares = [np.bincount(codes, minlength=levels) / len(codes) for codes in (truth, predicted)]
    expected = float(shares[0] @ distance @ shares[1])
    return float(1 - observed / expected) if expected > 0 else 1.0
