"""The row that follows in time shows what happened in this one, or a state was counted after it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smith_checks.check import Check, Finding, Outcome, drop, skip
from smith_checks.columns import MOST_ROWS, Feature, table_of
from smith_checks.package import Package
from smith_checks.statistics import lookup_gain, lookup_gain_significant

CHECK = Check(
    id="next-row-reveals-target",
    title="The next row in time shows the outcome of a row",
    severity="major",
    blame="designer",
    why="Rows of one process keep its state: the count before the next pitch tells what this pitch was, the balance after a payment what was paid. "
    "Who sorts all rows by their time stamp reads the answers of the test in the rows that follow. A state that already differs from the "
    "row before was counted after the event.",
    threshold="a feature of the next (or the previous) row, with the same feature of the row itself, removes a tenth more of a constant's error than the latter alone",
    origin="a tenth of the error, the least association that order-predicts-target calls usable; the feature of the row itself is "
    "the control, so that series of like rows do not count",
)

GAIN, DISTINCT, MOST_LEVELS, MOST_FEATURES = 0.1, 0.8, 40, 30


def run(package: Package) -> Outcome:
    if package.strategy == "time" or package.objective == "forecasting":
        return skip("later rows are hidden together")
    table = table_of(package)
    rows = len(table.train) + len(table.test)
    if rows < len(package.train) + len(package.test) or rows > MOST_ROWS:
        return skip("the rows are too many to follow one by one")
    stamps = {name: order for name in table.names if (order := _stamps(pd.concat([table.train[name], table.test[name]]))) is not None}
    outcome = Outcome(measured={"time stamps": list(stamps)})
    split = len(table.train)
    for stamp, times in stamps.items():
        order = np.argsort(times, kind="stable")
        following, preceding = np.empty(rows, dtype=int), np.empty(rows, dtype=int)
        following[order] = np.append(order[1:], order[-1])
        preceding[order] = np.insert(order[:-1], 0, order[0])
        for target, is_class, train, test in table.targets(package):
            if not lookup_gain_significant(test, is_class):
                continue
            gains, counted = {}, {}
            for feature in [one for one in table.features if one.name != stamp and 2 <= one.distinct <= MOST_LEVELS][:MOST_FEATURES]:
                gains[feature.name] = _more(feature, following, split, train, test, is_class)
                counted[feature.name] = _more(feature, preceding, split, train, test, is_class)
            telling = {name: gain for name, gain in gains.items() if gain >= GAIN}
            outcome.measured[f"{stamp}, {target}"] = {"next": max(gains.values(), default=0.0), "previous": max(counted.values(), default=0.0)}
            if telling:
                best = max(telling, key=lambda name: telling[name])
                outcome.findings.append(
                    Finding(
                        f"Withhold {stamp!r}, and {best!r} whose value in the next row shows {target!r}: it may be counted after the event.",
                        f"it removes {telling[best]:.0%} more of a constant's error than the row's own {best!r}",
                        repair=drop(stamp, *telling),
                    )
                )
            for name, gain in counted.items():
                if gain >= GAIN:
                    outcome.findings.append(
                        Finding(
                            f"Withhold {name!r}: it changes with {target!r}, so it was counted afterwards.",
                            f"with the row before it removes {gain:.0%} more of a constant's error than alone",
                            repair=drop(name),
                        )
                    )
    return outcome


def _stamps(column: pd.Series) -> np.ndarray | None:
    """Times in nanoseconds where the column is a time stamp of its own in most rows."""
    if pd.api.types.is_numeric_dtype(column) or column.nunique() < DISTINCT * len(column):
        return None
    texts = column.astype("str")
    if not texts.str.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d").mean() > DISTINCT:
        return None
    return pd.to_datetime(texts, errors="coerce", utc=True, format="ISO8601").astype("int64").to_numpy()


def _more(feature: Feature, following: np.ndarray, split: int, train: np.ndarray, test: np.ndarray, is_class: bool) -> float:
    """Gain of the feature of this and of the next row together over that of this row alone."""
    codes = feature.codes
    pairs = codes * (int(codes.max()) + 1) + codes[following]
    pairs = np.unique(pairs, return_inverse=True)[1]
    own = lookup_gain(codes[:split], train, codes[split:], test, is_class)
    both = lookup_gain(pairs[:split], train, pairs[split:], test, is_class)
    return both - max(own, 0.0)
