"""What the survey tells of single columns."""

from __future__ import annotations

import numpy as np

from .columns import Column
from .text import EXAMPLE_LIMIT, VALUE_LIMIT, clip, finite, value_text


def _listed(column: Column) -> int:
    """How many frequent values are listed: of classes all, up to 200; they may be a target's labels."""
    classes = column.type == "category" or (column.type == "integer" and column.distinct <= 30)
    return 200 if classes and column.distinct <= 200 and column.filled >= 10 * column.distinct else 20


def facts(column: Column, brief: bool = False) -> dict[str, object]:
    """`ColumnFacts` of the survey's schema."""
    numeric = None
    limits = None
    if column.numbers is not None and column.type in ("integer", "number", "datetime", "boolean"):
        values = column.numbers[np.isfinite(column.numbers)]
        if len(values):
            numeric = _numeric(values)
        if column.type == "datetime" or column.time_kind in ("year", "epoch", "epoch_ms", "yyyymmdd", "yyyymm"):
            seconds = column.seconds()
            assert seconds is not None
            seen = seconds[np.isfinite(seconds)]
            if len(seen):
                limits = [_moment(seen[0], column), _moment(seen[-1], column)]
    order = np.argsort(-column.counts, kind="stable")[: 5 if brief else _listed(column)]
    top = [[clip(value_text(column.uniques[code])), int(column.counts[code])] for code in order]
    if column.type == "text":
        top = [pair for pair in top[:3] if pair[1] > 1]
    elif column.counts.size and int(column.counts[order[0]]) == 1:
        top = top[:3]
    return {
        "name": column.name,
        "type": column.type,
        "missing": finite(column.missing),
        "distinct": column.distinct,
        "numeric": numeric,
        "top": top,
        "examples": _sampled(column, 2 if brief else 5),
        "range": limits,
        "words": None if column.words is None or column.type != "text" else finite(column.words),
        "flags": sorted(column.flags),
        "description": column.description,
        "levels": column.levels,
        **({"missingCodes": [clip(code) for code in column.missing_codes[:10]]} if column.missing_codes else {}),
        **({"labels": {clip(code): clip(label) for code, label in list(column.labels.items())[:30]}} if column.labels else {}),
    }


def _moment(seconds: float, column: Column) -> str:
    if column.time_kind == "year":
        return str(round(1970 + seconds / (365.2425 * 86400)))
    text = str(np.datetime64(int(seconds), "s"))
    return text.removesuffix("T00:00:00")


def _numeric(values: np.ndarray) -> dict[str, float]:
    with np.errstate(all="ignore"):
        mean, deviation = float(np.mean(values)), float(np.std(values))
        skew = float(np.mean(((values - mean) / deviation) ** 3)) if deviation > 1e-12 * max(1.0, abs(mean)) else 0.0
    high = values.max()
    return {
        "min": finite(values.min()),
        "max": finite(high),
        "mean": finite(mean),
        "deviation": finite(deviation),
        "skew": finite(skew),
        "median": finite(np.median(values)),
        "whole": finite(np.mean(values == np.floor(values))),
        "zero": finite(np.mean(values == 0)),
        "atMaximum": finite(np.mean(values == high)),
    }


def _sampled(column: Column, limit: int) -> list[str]:
    """Up to `limit` distinct values, evenly over the file."""
    count = column.distinct
    picks = range(count) if count <= limit else [round(step * (count - 1) / (limit - 1)) for step in range(limit)]
    size = EXAMPLE_LIMIT if column.type == "text" else VALUE_LIMIT
    return [clip(value_text(column.uniques[pick]), size) for pick in picks]
