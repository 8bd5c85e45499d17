"""Normalised discounted cumulative gain."""

import numpy as np


def ndcg(queries: list[tuple[np.ndarray, np.ndarray]], k: int) -> float:
    """Mean over queries of DCG@k / ideal DCG@k; queries without a relevant row are left out, 0 without any."""
    values = []
    for relevance, score in queries:
        highest = relevance.max()
        if highest <= 0:
            continue
        # 2^relevance − 1, divided by 2^highest so that it cannot overflow: the ratio stays the same.
        gain = np.exp2(np.maximum(relevance, 0) - highest) - np.exp2(-highest)
        discount = np.where(np.arange(len(gain)) < k, 1 / np.log2(np.arange(len(gain)) + 2), 0.0)
        values.append(discounted_gain(gain, score, discount) / (np.sort(gain)[::-1] @ discount))
    return float(np.mean(values)) if values else 0.0


def discounted_gain(gain: np.ndarray, score: np.ndarray, discount: np.ndarray) -> float:
    """Gain by rank of score, highest first; rows with equal scores share the mean of their gains."""
    _, tie, sizes = np.unique(-score, return_inverse=True, return_counts=True)
    mean_gain = np.bincount(tie, weights=gain) / sizes
    starts = np.cumsum(sizes) - sizes
    return float(mean_gain @ np.add.reduceat(discount, starts))
