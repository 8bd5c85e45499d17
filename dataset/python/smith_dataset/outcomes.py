"""Words by which people name what they want to know."""

from __future__ import annotations

import re

from .columns import Column
from .text import words_of

_STRONG = {
    "target", "label", "class", "outcome", "response", "y", "result", "survived", "default", "churn", "diagnosis",
    "price", "salary", "wage", "wages", "income", "revenue", "sales", "rating", "score", "grade", "quality", "yield",
    "status", "death", "died", "dead", "outcome", "success", "failure", "fraud", "spam", "sentiment", "category",
    "species", "type", "cost", "demand", "consumption", "delay", "duration", "risk", "event", "points", "final",
    "approved", "canceled", "cancelled", "attrition", "winner", "win", "won", "accident", "claim", "claims", "value",
}  # fmt: skip
_PHRASE = re.compile(r"\b(outcome|response variable|dependent variable|target|to be predicted|class label|result of)\b", re.IGNORECASE)


def likely_outcome(column: Column) -> float:
    """0 to 1: how much the name or the documentation sounds like a question's answer."""
    words = words_of(column.name)
    score = 0.0
    if any(word in _STRONG for word in words):
        score = 0.7
    if words and words[-1] in _STRONG:
        score = 0.8
    if column.description and _PHRASE.search(column.description):
        score = 1.0
    return score
