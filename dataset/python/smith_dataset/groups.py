"""Rows that belong together: several rows of one subject, school, site …"""

from __future__ import annotations

import re

import numpy as np

from .columns import Column, name_words
from .text import clip, finite

_ENTITIES = {
    "subject": "person", "subj": "person", "subjid": "person", "usubjid": "person", "patient": "person", "participant": "person", "person": "person", "personid": "person",
    "pid": "person", "student": "person", "pupil": "person", "child": "person", "infant": "person", "mother": "person", "speaker": "person", "user": "person", "customer": "person",
    "respondent": "person", "player": "person", "worker": "person", "employee": "person", "individual": "person", "animal": "animal", "rat": "animal", "dog": "animal", "cow": "animal",
    "bird": "animal", "mouse": "animal", "monkey": "animal", "rater": "person", "judge": "person", "lecturer": "person", "teacher": "person", "family": "family", "household": "household",
    "school": "school", "schid": "school", "classroom": "class", "hospital": "hospital", "clinic": "clinic", "center": "centre", "centre": "centre", "site": "site", "firm": "firm", "company": "firm",
    "store": "shop", "shop": "shop", "county": "county", "country": "country", "district": "district", "village": "village", "city": "city", "town": "town", "commune": "commune",
    "station": "station", "tree": "tree", "plant": "plant", "nest": "nest", "litter": "litter", "batch": "batch", "lot": "lot", "run": "run", "session": "session", "trial": "trial", "device": "device",
    "machine": "machine", "engine": "engine", "sensor": "sensor", "house": "house", "home": "home", "property": "property", "document": "document", "doc": "document", "author": "author",
    "team": "team", "game": "game", "match": "match", "cluster": "cluster", "psu": "sampling unit", "plot": "plot", "field": "field", "farm": "farm", "environment": "environment", "env": "environment",
    "group": "group", "series": "series", "video": "video", "movie": "film", "film": "film", "song": "song", "sample": "sample", "specimen": "specimen", "case": "case", "client": "person", "id": "entity",
    "query": "query", "product": "product", "item": "item", "stock": "stock", "ticker": "stock", "symbol": "stock", "fund": "fund", "bank": "bank", "state": "state", "lga": "area", "fips": "area", "ward": "ward",
    "permno": "stock", "name": "entity", "block": "block", "contestant": "person", "pollster": "pollster", "season": "season", "nr": "entity", "no": "entity",
}  # fmt: skip
_DESCRIBED = re.compile(r"\b(subject|patient|participant|child|infant|person|individual|student|school|hospital|country|county|state|firm|family|household|cluster|animal|identifier|id number|identity)\b", re.IGNORECASE)
_CODED = re.compile(r"\b(factor|identif\w*|code|denoting|id|number of the)\b", re.IGNORECASE)
# Names that name many rows for reasons other than belonging together.
_STRONG_KINDS = {"person", "animal", "family", "household", "school", "class", "document", "tree", "plant", "nest", "litter", "device", "machine", "engine", "query", "series", "entity", "specimen", "video", "firm", "stock", "hospital", "clinic"}


def find_groups(columns: list[Column]) -> list[dict[str, object]]:
    """`Group` of the survey's schema, strongest reason first; sets `group_like` on the columns."""
    found: list[tuple[float, Column, str]] = []
    for column in columns:
        if column.type not in ("integer", "category", "string") or column.distinct < 5 or column.time_kind is not None:
            continue
        if column.flags & {"row_number", "ordinal", "time_like", "weight", "place_like"}:
            continue
        counts = column.counts
        if column.distinct > 0.8 * column.filled or column.missing > 0.5:
            continue
        in_groups = float(counts[counts > 1].sum()) / max(1, column.filled)
        if in_groups < 0.5:
            continue
        score, why = _reason(column)
        if score <= 0:
            continue
        found.append((score, column, why))
    found.sort(key=lambda item: -item[0])
    result = []
    for _, column, why in found[:8]:
        column.flags.add("group_like")
        inside = _nested_in(column, [other for _, other, _ in found if other is not column])
        text = why + (f"; nested in {clip(inside.name)}" if inside else "")
        result.append({"column": column.name, "groups": column.distinct, "rows": finite(float(np.median(column.counts))), "why": text})
    return result


def layout_groups(columns: list[Column], labels: list[str]) -> list[dict[str, object]]:
    """Groups of media files: words of file and folder names that come back, other than the first label."""
    result = []
    for column in columns:
        texts = column.numbers is None and column.type in ("category", "string")
        if column.name in labels[:1] or not texts or not 5 <= column.distinct <= column.filled / 2 or not re.match(r"(folder|name)_\d+$", column.name):
            continue
        column.flags.add("group_like")
        rows = finite(float(np.median(column.counts)))
        result.append({"column": column.name, "groups": column.distinct, "rows": rows, "why": f"part of the file's name or folder that {rows:g} files share (median): may name a person or a source"})
    return result


def _reason(column: Column) -> tuple[float, str]:
    words = list(dict.fromkeys([*name_words(column), re.sub(r"[^a-z]", "", column.name.lower())]))
    kinds = [_ENTITIES[word] for word in sorted(words) if word in _ENTITIES]
    kind = next((candidate for candidate in kinds if candidate != "entity"), kinds[0] if kinds else None)
    size = f"{column.distinct} values with {finite(float(np.median(column.counts))):g} rows each (median)"
    per_group = column.filled / column.distinct
    if "identifier" in column.flags and not (kind is None and column.type == "string"):
        return 3.0, f"an identifier that comes back: {size}" if kind in (None, "entity") else f"names {_article(kind)}: {size}"
    if kind in _STRONG_KINDS and column.distinct >= 8 and (kind != "entity" or column.type != "integer" or per_group >= 2):
        return 2.5, f"names {_article(kind)}: {size}"
    if column.description and _DESCRIBED.search(column.description) and column.distinct >= 15 and (column.type != "integer" or _CODED.search(column.description)):
        word = _DESCRIBED.search(column.description)
        assert word is not None
        return 2.0, f"its documentation speaks of a {word[0].lower()}: {size}"
    if kind is not None and column.distinct >= 6:
        if column.type == "integer" and not _codes_not_amounts(column):
            return 0.0, ""
        return 1.5, f"names {_article(kind)}: {size}"
    if column.type == "string" and per_group >= 2:
        return 1.0, f"many names that come back: {size}"
    return 0.0, ""


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def _codes_not_amounts(column: Column) -> bool:
    return float(np.std(column.counts)) <= 3 * float(np.mean(column.counts))


def _nested_in(column: Column, others: list[Column]) -> Column | None:
    """The smallest column of which each group has one value."""
    best = None
    for other in others:
        if other.distinct >= column.distinct:
            continue
        pairs = (column.codes.astype(np.int64) + 1) * (other.distinct + 1) + other.codes + 1
        known = column.codes >= 0
        if len(np.unique(pairs[known])) == column.distinct and (best is None or other.distinct > best.distinct):
            best = other
    return best
