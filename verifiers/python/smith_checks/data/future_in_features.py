"""In a task over time, a feature holds the target of another time of the test."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smith_checks.check import Check, Finding, Outcome, drop, skip
from smith_checks.data.time_order_broken import times_of
from smith_checks.package import Package, to_numbers

CHECK = Check(
    id="future-in-features",
    title="A feature of the test rows is the target at another time",
    severity="fatal",
    blame="designer",
    why="A lag that reaches into the test period, or a value published later, is the answer of a neighbouring row.",
    threshold="equal for nine tenths of the test rows at a shift of at most 400 rows, with at least five distinct values",
    origin="400 rows are a year of days and a month; a shift into the test takes away up to a tenth of its rows; a column of fewer "
    "than five values is equal to itself at many shifts",
)

MOST_SHIFT, SHARE = 400, 0.9


def run(package: Package) -> Outcome:
    if not package.time_ordered or package.is_class:
        return skip("only numbers over time")
    split = package.manifest["split"]
    name = split["time"]
    if name is None or name not in package.test:
        return skip("there is no time column")
    series = [column for column in split["series"] if column in package.test]
    when = times_of(package.train[name], package.test[name])[1]
    keys = package.test[series].astype("str").agg("\x1f".join, axis=1) if series else pd.Series("", index=package.test.index)
    order = np.lexsort((when, keys.to_numpy()))
    same = keys.to_numpy()[order]
    outcome = Outcome(measured={"columns": 0})
    for target in package.targets[:4]:
        truth = to_numbers(package.aligned_answers[target])[order]
        if len(np.unique(truth)) < 5:
            continue
        for column in package.features:
            if not pd.api.types.is_numeric_dtype(package.test[column]):
                continue
            outcome.measured["columns"] += 1
            values = to_numbers(package.test[column])[order]
            if len(np.unique(values[~np.isnan(values)])) < 5:
                continue
            for shift in range(1, min(MOST_SHIFT, len(truth) // 2)):
                hit = next((sign for sign in (1, -1) if _equal(values, truth, same, sign * shift)), None)
                if hit is not None:
                    outcome.findings.append(
                        Finding(
                            f"Take {column!r} out of the test rows, or lag it beyond the test period.",
                            f"it equals {target!r} {shift} rows {'earlier' if hit > 0 else 'later'} of the same test period",
                            repair=drop(column),
                        )
                    )
                    break
    return outcome


def _equal(values: np.ndarray, truth: np.ndarray, same: np.ndarray, shift: int) -> bool:
    """Whether values[i] is truth[i - shift] for almost all rows of one series."""
    left, right = (slice(shift, None), slice(None, -shift)) if shift > 0 else (slice(None, shift), slice(-shift, None))
    inside = same[left] == same[right]
    if inside.sum() < 10:
        return False
    close = np.isclose(values[left][inside], truth[right][inside], rtol=1e-6, atol=1e-9)
    return bool(close.mean() >= SHARE and len(np.unique(truth[right][inside])) >= 5)
