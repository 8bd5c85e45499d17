"""Concordance index."""

import numpy as np


def concordance_index(duration: np.ndarray, event: np.ndarray, risk: np.ndarray) -> float:
    """Harrell's C: share of comparable pairs in which the row with the earlier event has the higher risk.

    A pair is comparable when the earlier time is an event; at equal times, when one is an event and the other
    censored (the censored one lasted longer). Equal risks count half. 0.5 when no pair is comparable.
    """
    comparable = concordant = tied = 0
    events = np.flatnonzero(event)
    for part in np.array_split(events, max(1, len(events) * len(duration) // 4_000_000)):
        later = duration[None, :] > duration[part, None]
        later |= (duration[None, :] == duration[part, None]) & ~event[None, :]
        comparable += int(later.sum())
        concordant += int((later & (risk[None, :] < risk[part, None])).sum())
        tied += int((later & (risk[None, :] == risk[part, None])).sum())
    return (concordant + tied / 2) / comparable if comparable else 0.5
