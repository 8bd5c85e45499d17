"""Normalised discounted cumulative gain."""

import numpy as np

from smith_task.metrics.shared.ranking import places


def ndcg(relevance: np.ndarray, score: np.ndarray, query: np.ndarray, k: int) -> float:
    """Mean over queries of DCG@k / ideal DCG@k; queries without a relevant row are left out, 0 without any."""
    highest = np.zeros(query.max() + 1)
    np.maximum.at(highest, query, relevance)
    # 2^relevance - 1, divided by 2^highest of the query so that it cannot overflow: the ratio stays the same.
    gain = np.exp2(np.maximum(relevance, 0) - highest[query]) - np.exp2(-highest[query])
    ideal = discounted_gain(gain, gain, query, k)
    if not (highest > 0).any():
        return 0.0
    return float(np.mean(discounted_gain(gain, score, query, k)[highest > 0] / ideal[highest > 0]))


def discounted_gain(gain: np.ndarray, score: np.ndarray, query: np.ndarray, k: int) -> np.ndarray:
    """DCG@k of each query by score, highest first; rows with equal scores share the mean of their gains."""
    order = np.lexsort((-score, query))
    gain, score, query = gain[order], score[order], query[order]
    place = places(query)
    discount = np.where(place <= k, 1 / np.log2(place + 1), 0.0)
    tie = np.cumsum((place == 1) | np.append(True, np.diff(score) != 0)) - 1
    shared_gain = np.bincount(tie, weights=gain) / np.bincount(tie)
    return np.bincount(query, weights=shared_gain[tie] * discount)
