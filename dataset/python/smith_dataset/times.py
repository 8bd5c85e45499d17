"""Time axes: columns that place rows in time, their step, and the series that run in parallel."""

from __future__ import annotations

import numpy as np

from .columns import Column
from .text import finite

_UNITS = [(365.2425 * 86400, "year"), (30.436875 * 86400, "month"), (7 * 86400, "week"), (86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")]


def find_times(columns: list[Column], groups: list[dict[str, object]]) -> list[dict[str, object]]:
    """`TimeAxis` of the survey's schema, best axis first."""
    grouped = {str(group["column"]) for group in groups}
    by_name = {column.name: column for column in columns}
    found = []
    for column in columns:
        seconds = column.seconds()
        if seconds is None or column.missing > 0.2 or column.distinct < 4:
            continue
        known = seconds[np.isfinite(seconds)]
        points = np.unique(known)
        if len(points) < 4:
            continue
        series = _series(column, seconds, columns, grouped)
        steps = np.diff(points)
        step = float(np.median(steps))
        regular = _regular(seconds, [by_name[name] for name in series], step)
        found.append(
            {
                "column": column.name,
                "step": step_text(step),
                "regular": regular,
                "from": _moment(points[0], column),
                "to": _moment(points[-1], column),
                "series": series,
                "points": len(points),
            }
        )
    rows = columns[0].rows if columns else 0
    # A column whose times are each met once (per series) is the axis; years of birth and the like come last.
    found.sort(key=lambda axis: (not axis["regular"], -int(axis["points"]) / max(1, rows)))  # type: ignore[call-overload]
    return found[:5]


def _series(column: Column, seconds: np.ndarray, columns: list[Column], grouped: set[str]) -> list[str]:
    """The fewest columns that, with the time, name a row: none for a single series."""
    known = np.isfinite(seconds)
    total = int(known.sum())
    if column.distinct >= 0.98 * total:
        return []
    candidates = [
        other
        for other in columns
        if other.name != column.name
        and other.type in ("category", "string", "integer", "boolean")
        and 2 <= other.distinct <= total / 3
        and other.time_kind is None
        and "time_like" not in other.flags
        and (other.type != "integer" or other.name in grouped or "identifier" in other.flags)
        and other.missing < 0.05
    ]
    candidates.sort(key=lambda other: (other.name not in grouped, -other.distinct))
    best: list[str] = []
    for first in candidates[:12]:
        if _named(column, [first], known) >= 0.98 * total:
            return [first.name]
    for position, first in enumerate(candidates[:8]):
        for second in candidates[position + 1 : 8]:
            if _named(column, [first, second], known) >= 0.98 * total:
                return [first.name, second.name]
    return best


def _named(time: Column, others: list[Column], known: np.ndarray) -> int:
    key = time.codes[known].astype(np.int64)
    for other in others:
        key = key * (other.distinct + 1) + other.codes[known] + 1
    return len(np.unique(key))


def _regular(seconds: np.ndarray, series: list[Column], step: float) -> bool:
    """Nearly all steps within each series are the usual one (calendar months and years may vary)."""
    known = np.flatnonzero(np.isfinite(seconds))
    key = np.zeros(len(known), dtype=np.int64)
    for column in series:
        key = key * (column.distinct + 1) + column.codes[known] + 1
    order = np.lexsort((seconds[known], key))
    times, keys = seconds[known][order], key[order]
    steps = np.diff(times)[keys[1:] == keys[:-1]]
    if len(steps) < 3 or step <= 0:
        return False
    usual = float(np.median(steps))
    if usual <= 0:
        return False
    slack = 0.12 if usual >= 27 * 86400 else 0.02
    return bool(np.mean(np.abs(steps - usual) <= slack * usual) >= 0.95)


def step_text(seconds: float) -> str:
    """A duration in the largest unit that it is about a whole number of."""
    for size, unit in _UNITS:
        count = seconds / size
        if count >= 0.95 and abs(count - round(count)) <= (0.06 if size > 7 * 86400 else 0.01) * max(1, round(count)):
            whole = round(count)
            return f"{whole} {unit}" + ("s" if whole != 1 else "")
    return f"{finite(round(seconds, 3)):g} seconds"


def _moment(seconds: float, column: Column) -> str:
    if column.time_kind == "year":
        return str(round(1970 + seconds / (365.2425 * 86400)))
    return str(np.datetime64(int(seconds), "s")).removesuffix("T00:00:00")


def in_time_order(columns: list[Column], times: list[dict[str, object]]) -> bool:
    """Whether the rows are one series in order of time."""
    for axis in times:
        if axis["series"]:
            continue
        column = next(column for column in columns if column.name == axis["column"])
        seconds = column.seconds()
        if seconds is None:
            continue
        known = seconds[np.isfinite(seconds)]
        if len(known) > 30 and int(axis["points"]) >= 0.9 * len(known) and np.mean(np.diff(known) >= 0) >= 0.99:  # type: ignore[call-overload]
            return True
    return False
