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


_RELEVANCE = {"label", "relevance", "rel", "grade", "rank", "click", "clicked", "clicks", "target", "y", "score", "booking"}


def _query(columns: list[Column]) -> str | None:
    """A column that names queries, where another one tells how relevant each row is."""
    if not any(column.numbers is not None and column.distinct <= 10 and name_words(column) & _RELEVANCE for column in columns):
        return None
    for column in columns:
        key = re.sub(r"[^a-z]", "", column.name.lower())
        if key in ("query", "queryid", "qid", "srchid", "searchid") and column.filled / max(1, column.distinct) >= 3:
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
    calendar: list[Column] = []
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
            if column.time_kind == "part":
                score -= 1.5
            if score < 1 and column.time_kind == "part" and key in _DURATION_NAMES:
                calendar.append(column)
            if score >= 1:
                durations.append((score, column))
    # A week or a month is a duration only where the censored rows end together.
    durations += [(1.0, column) for column in calendar if any(_ends_together(column, event) for _, event in events)]
    counting = any(re.sub(r"[^a-z]", "", column.name.lower()) in ("start", "tstart", "starttime", "entry") for column in columns)
    if not events or not durations or counting:
        # Several rows of one subject, each an interval: not one duration.
        return None, None
    scored = [
        (event_score + duration_score + 1.5 * _ends_together(duration, event), duration, event)
        for event_score, event in events
        for duration_score, duration in durations
        if duration is not event
    ]
    best, duration, event = max(scored, key=lambda found: found[0], default=(0.0, None, None))
    if best < 2.5 or duration is None or event is None:
        return None, None
    duration.flags.discard("time_like")
    return duration.name, event.name


def _ends_together(duration: Column, event: Column) -> bool:
    """Most rows without the event share the longest duration: the end of a study."""
    assert duration.numbers is not None
    longest = np.nanmax(duration.numbers)
    for code in (0, 1):
        without = duration.numbers[event.codes == code]
        others = duration.numbers[event.codes == 1 - code]
        if len(without) >= 20 and np.mean(without == longest) >= 0.5 and np.mean(others == longest) < 0.1:
            return True
    return False


def _label_block(columns: list[Column]) -> list[str]:
    """Three or more sparse two-valued columns at the start or the end of a table whose other columns are what they label:
    a text, a file, a molecule, or ten and more measured numbers."""
    telling = [column for column in columns if column.type not in ("constant", "empty") and (not column.flags & {"identifier", "row_number"} or _is_content(column))]
    binary = [_is_label(column) for column in telling]
    best: list[str] = []
    for block in (_leading(telling, binary), _leading(telling[::-1], binary[::-1])[::-1]):
        others = [column for column in telling if column not in block]
        content = any(_is_content(column) for column in others) and len(others) <= 5
        measured = len(others) >= 10 and len(block) >= 4 and all(column.type == "number" for column in others)
        if not 3 <= len(block) <= 200 or len(block) <= len(best) or not (content or measured):
            continue
        matrix = np.column_stack([column.numbers for column in block if column.numbers is not None])
        several = np.nanmean(np.nansum(matrix, axis=1) > 1)
        # One-hot columns of one category are no multi-label target; nor are traits that most rows have.
        if np.nanmean(matrix) <= 0.4 and several >= 0.02:
            best = [column.name for column in block]
    return best


_MOLECULE = {"smiles", "smile", "inchi", "mol", "molecule", "sequence", "fasta"}


def _is_content(column: Column) -> bool:
    return column.type in ("text", "path") or column.type == "string" and bool(name_words(column) & _MOLECULE)


def _is_label(column: Column) -> bool:
    return column.distinct == 2 and column.type in ("boolean", "integer") and column.numbers is not None and set(np.unique(column.numbers[np.isfinite(column.numbers)])) == {0.0, 1.0}


def _leading(columns: list[Column], binary: list[bool]) -> list[Column]:
    end = next((at for at, good in enumerate(binary) if not good), len(columns))
    return columns[:end]
