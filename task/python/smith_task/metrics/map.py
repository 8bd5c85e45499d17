"""Mean average precision at k."""

import numpy as np


def mean_average_precision(queries: list[tuple[np.ndarray, np.ndarray]], k: int) -> float:
    """Mean over queries of AP@k; relevant is what has relevance above 0. Queries without are left out.

    Rows with equal scores are ranked the least relevant first, so that ties never gain.
    """
    values = []
    for relevance, score in queries:
        relevant = relevance > 0
        if not relevant.any():
            continue
        hits = relevant[np.lexsort((relevant, -score))][:k]
        precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
        values.append(float(precision @ hits) / min(k, int(relevant.sum())))
    return float(np.mean(values)) if values else 0.0
