"""Mean average precision at k."""

import numpy as np

from smith_task.metrics.shared.ranking import places


def mean_average_precision(relevance: np.ndarray, score: np.ndarray, query: np.ndarray, k: int) -> float:
    """Mean over queries of AP@k; relevant is what has relevance above 0. Queries without are left out.

    Rows with equal scores are ranked the least relevant first, so that ties never gain.
    """
    order = np.lexsort((relevance > 0, -score, query))
    relevant, query = relevance[order] > 0, query[order]
    place = places(query)
    before = np.cumsum(relevant) - relevant
    hits = before + relevant - before[np.flatnonzero(place == 1)][query]
    total = np.bincount(query, weights=np.where(relevant & (place <= k), hits / place, 0.0))
    possible = np.minimum(np.bincount(query, weights=relevant), k)
    return float(np.mean(total[possible > 0] / possible[possible > 0])) if (possible > 0).any() else 0.0
