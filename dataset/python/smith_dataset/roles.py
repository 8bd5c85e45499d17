"""Roles that columns play together: user, item and rating; query and relevance; duration and event; label blocks."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from .columns import Column, name_words, texts_of

_DURATION = re.compile(r"\b(time (to|until|till|from|of|in)|survival time|follow-?up|futime|days (to|until|from)|weeks? (to|until|of|from)|months? (to|until|from)|duration|length of (stay|follow)|observation time|time)\b", re.IGNORECASE)
_DURATION_NAMES = {"time", "futime", "duration", "survtime", "survival", "tte", "aval", "stime", "tstop", "days", "durat", "fup", "followup", "surv", "ttr", "week", "weeks", "months", "length", "stay", "survmonths", "ostime", "pfstime"}
_EVENT_NAMES = {"status", "event", "death", "died", "dead", "censor", "cens", "cnsr", "censored", "arrest", "fail", "failure", "relapse", "delta", "dth", "vital", "cause", "outcome", "deceased"}
_EVENT = re.compile(r"\b(censor\w*|event|died|death|dead|relapse[ds]?|status indicator|0 ?= ?alive|failure)\b", re.IGNORECASE)


def find_roles(columns: list[Column], declared: dict[str, Any]) -> dict[str, Any]:
    """`roles` of the survey's schema; what the layout declares comes first."""
    user, item, rating = _ratings(columns)
    duration, event = _survival(columns)
    known = {column.name for column in columns}
    return {
        "labels": [name for name in declared.get("labels", []) if name in known],
        "multilabel": declared.get("multilabel") or _label_block(columns),
        "user": user,
        "item": item,
        "rating": rating,
        "query": declared.get("query") if declared.get("query") in known else _query(columns),
        "duration": duration,
        "event": event,
    }


def _query(columns: list[Column]) -> str | None:
    for column in columns:
        key = re.sub(r"[^a-z]", "", column.name.lower())
        if key in ("query", "queryid", "qid", "query_id", "srchid", "searchid") and column.filled / max(1, column.distinct) >= 3:
            return column.name
    return None


_USERS = {"user", "customer", "student", "reviewer", "client", "member", "rater", "userid", "reader", "s"}
_ITEMS = {"item", "movie", "product", "book", "song", "lecturer", "film", "track", "artist", "game", "anime", "joke", "beer", "restaurant", "course", "itemid", "movieid", "isbn", "d"}
_RATINGS = {"rating", "ratings", "stars", "score", "evaluation", "y", "value"}


def _ratings(columns: list[Column]) -> tuple[str | None, str | None, str | None]:
    """Two entity columns whose pairs hardly repeat, and a rating with few ordered values."""
    rows = columns[0].rows if columns else 0
    if rows < 500:
        return None, None, None
    entities = [
        column
        for column in columns
        if column.type in ("integer", "string", "category") and 20 <= column.distinct <= rows / 2 and column.missing < 0.01 and column.time_kind is None
    ]
    ratings = [
        column for column in columns if column.is_number and 3 <= column.distinct <= 20 and _ratelike(column) and column.missing < 0.2
    ]
    if not ratings:
        return None, None, None
    users = [column for column in entities if _role(column, _USERS)]
    items = [column for column in entities if _role(column, _ITEMS)]
    for user in users:
        for item in items:
            if user is item:
                continue
            pairs = len(np.unique(user.codes.astype(np.int64) * item.distinct + item.codes))
            if pairs >= 0.9 * rows:
                return user.name, item.name, ratings[0].name
    return None, None, None


def _ratelike(column: Column) -> bool:
    words = name_words(column)
    return bool(words & _RATINGS) and (bool(words & (_RATINGS - {"y", "value"})) or bool(re.search(r"\brat(ing|ed|e)", column.description or "", re.IGNORECASE)))


def _role(column: Column, names: set[str]) -> bool:
    words = name_words(column)
    if words & {name for name in names if len(name) > 1}:
        return True
    described = (column.description or "").lower()
    if any(len(name) > 3 and re.search(rf"\b{name}s?\b", described) for name in names):
        return True
    return False


def _survival(columns: list[Column]) -> tuple[str | None, str | None]:
    """A positive duration beside a two-valued event, both named or documented as such."""
    events: list[tuple[float, Column]] = []
    durations: list[tuple[float, Column]] = []
    for column in columns:
        key = re.sub(r"[^a-z]", "", column.name.lower())
        words = name_words(column)
        described = column.description or ""
        two = column.distinct == 2 and column.missing < 0.2 or (column.type == "boolean")
        if two and int(column.counts.min()) >= 10:
            score = 2.0 * bool(re.search(r"censor", described, re.IGNORECASE) or key.startswith(("cens", "cnsr")))
            score += 1.0 * bool(words & _EVENT_NAMES or key in _EVENT_NAMES) + 0.5 * bool(_EVENT.search(described))
            texts = {text.lower() for text in texts_of(column)}
            score += 1.0 * bool(texts & {"censored", "alive", "dead", "died", "deceased"})
            if score >= 1:
                events.append((score, column))
        if column.is_number and column.numbers is not None and column.distinct >= 10 and column.missing < 0.2 and column.time_kind != "year":
            known = column.numbers[np.isfinite(column.numbers)]
            if known.min() < 0 or "unique" in column.flags and "sorted" in column.flags:
                continue
            score = 1.0 * bool(words & _DURATION_NAMES or key in _DURATION_NAMES)
            score += 1.0 * bool(_DURATION.search(described)) + 1.0 * bool(re.search(r"surviv|censor|follow-?up|time to (death|event|relapse|failure)|until (death|event|arrest|relapse)", described, re.IGNORECASE))
            if key in ("age", "year") or "age" in words:
                score -= 1
            if score >= 1:
                durations.append((score, column))
    if not events or not durations:
        return None, None
    event_score, event = max(events, key=lambda pair: pair[0])
    duration_score, duration = max(durations, key=lambda pair: pair[0])
    if event_score + duration_score < 2.5:
        return None, None
    return duration.name, event.name


def _label_block(columns: list[Column]) -> list[str]:
    """Three or more neighbouring two-valued columns at one end of the table, sparse, of one family of names."""
    blocks: list[list[Column]] = []
    current: list[Column] = []
    for column in columns:
        if column.type == "boolean" and column.numbers is not None and column.distinct == 2:
            current.append(column)
            continue
        if current:
            blocks.append(current)
        current = []
    if current:
        blocks.append(current)
    best: list[str] = []
    for block in blocks:
        for family in _families(block):
            if len(family) < 3 or len(family) > 50:
                continue
            matrix = np.column_stack([column.numbers for column in family if column.numbers is not None])
            share = np.nanmean(matrix)
            several = np.nanmean(np.nansum(matrix, axis=1) > 1)
            # One-hot columns of one category are no multi-label target.
            if share > 0.5 or several < 0.02:
                continue
            if len(family) > len(best):
                best = [column.name for column in family]
    return best


def _families(block: list[Column]) -> list[list[Column]]:
    by_stem: dict[str, list[Column]] = {}
    for column in block:
        stem = re.split(r"[-_. :]|\d", column.name, maxsplit=1)[0].lower()
        by_stem.setdefault(stem, []).append(column)
    return [*by_stem.values(), block] if len(block) >= 4 else list(by_stem.values())
