"""Concordance index."""

import numpy as np

from smith_task.metrics.shared.ranks import average_ranks

BLOCK = 256


def concordance_index(duration: np.ndarray, event: np.ndarray, risk: np.ndarray) -> float:
    """Harrell's C: share of comparable pairs in which the row with the earlier event has the higher risk.

    A pair is comparable when the earlier time is an event; at equal times, when one is an event and the other
    censored (the censored one lasted longer). Equal risks count half. 0.5 when no pair is comparable.
    """
    # Rows that share time and kind are not comparable. Sorted by risk among themselves, they add no concordant
    # pair to the count over all ordered pairs, only ties, which are taken away again.
    order = np.lexsort((risk, ~event, duration))
    duration, event, rank = duration[order], event[order], average_ranks(risk[order])
    same = (np.diff(duration) == 0) & (event[1:] == event[:-1])
    group_ends = run_ends(same)
    comparable = int(np.sum(len(event) - group_ends[event]))
    if comparable == 0:
        return 0.5
    twin_ends = run_ends(same & (np.diff(rank) == 0))
    twins = int(np.sum((twin_ends - np.arange(1, len(event) + 1))[event]))
    lower, equal = pairs_after(rank, event)
    return (lower + (equal - twins) / 2) / comparable


def run_ends(same_as_next: np.ndarray) -> np.ndarray:
    """For each row the position after the last row of its run of equal rows."""
    ends = np.append(np.flatnonzero(~same_as_next) + 1, len(same_as_next) + 1)
    return np.repeat(ends, np.diff(ends, prepend=0))


def pairs_after(rank: np.ndarray, event: np.ndarray) -> tuple[int, int]:
    """Pairs of an event and a row after it whose rank is lower, and whose rank is equal; block by block."""
    lower = equal = 0
    after = np.empty(0)
    for stop in range(len(rank), 0, -BLOCK):
        block = slice(max(0, stop - BLOCK), stop)
        own = rank[block][event[block], None]
        follows = np.arange(len(rank[block]))[None, :] > np.flatnonzero(event[block])[:, None]
        first, last = np.searchsorted(after, own, "left"), np.searchsorted(after, own, "right")
        lower += int(first.sum()) + int((follows & (rank[block] < own)).sum())
        equal += int((last - first).sum()) + int((follows & (rank[block] == own)).sum())
        after = np.sort(np.concatenate([rank[block], after]), kind="stable")
    return lower, equal
