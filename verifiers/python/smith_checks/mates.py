"""Mates: rows whose codes have a stem in common (N48A1 and N48A2 of one nest), where one tells the other's target."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from smith_checks.check import Finding
from smith_checks.columns import Table, table_of
from smith_checks.package import Package
from smith_checks.statistics import lookup_gain, lookup_gain_significant

_CODE = r"^(.*\d)(?:[A-Za-z]\d{0,2}|[-_./ ][A-Za-z]?\d{0,2})$"
LEAST_SHARE, LEAST_GAIN, FEWEST_STEMS, MOST_COLUMNS = 0.2, 0.5, 10, 40


def mates(package: Package, measured: dict[str, Any]) -> list[Finding]:
    """The code and column by which mates in train tell most, where that is too much."""
    if not package.features:
        return []
    table = table_of(package)
    found = []
    for name, train, test in _stems(table):
        best = max(_told(package, table, train, test), default=None)
        if best is None:
            continue
        gain, share, beside = best
        measured[f"mates by {name}"] = {"test rows": share, "gain": gain, "beside": beside}
        if gain > LEAST_GAIN:
            told = f"{share:.0%} of the test rows have a mate in train of like {name!r}" + (f" and equal {beside!r}" if beside else "")
            found.append(
                Finding(
                    f"Keep rows whose {name!r} differs in its last part only on one side.",
                    f"{told}, which removes {gain:.0%} of the error there",
                    repair={"kind": "group_split", "columns": [name]},
                )
            )
    return found[:1]


def _stems(table: Table) -> list[tuple[str, pd.Series, pd.Series]]:
    """Columns of structured codes, without the last part of each code."""
    left, right = table.written
    found = []
    for name in left.columns:
        pooled = pd.concat([left[name], right[name]], ignore_index=True)
        # Numbers and dates have last parts too.
        if pooled.nunique() < 2 * FEWEST_STEMS or pooled.str.contains("[A-Za-z]").mean() < 0.9:
            continue
        stems = pooled.str.extract(_CODE, expand=False)
        codes = pooled.groupby(stems).nunique()
        if stems.notna().mean() >= 0.9 and len(codes) >= FEWEST_STEMS and (codes > 1).mean() >= 0.5:
            found.append((str(name), stems[: len(left)].reset_index(drop=True), stems[len(left) :].reset_index(drop=True)))
    return found


def _told(package: Package, table: Table, train: pd.Series, test: pd.Series) -> list[tuple[float, float, str]]:
    """For each column beside the stem: error removed by mates beyond the column alone, share of rows that have one, the column."""
    told = []
    left, right = (side.reset_index(drop=True) for side in table.written)
    for _, is_class, known, asked in list(table.targets(package))[:4]:
        for beside in ["", *left.columns[:MOST_COLUMNS]]:
            keys = (train, test) if beside == "" else (train + "\x1f" + left[beside], test + "\x1f" + right[beside])
            has = keys[1].isin(set(keys[0].dropna())).to_numpy()
            if has.mean() < LEAST_SHARE or not lookup_gain_significant(asked[has], is_class):
                continue
            gain = _gain(*keys, known, asked, has, is_class)
            alone = 0.0 if beside == "" else max(0.0, _gain(left[beside], right[beside], known, asked, has, is_class))
            told.append((1 - (1 - gain) / max(1 - alone, 0.05), float(has.mean()), str(beside)))
    return told


def _gain(train: pd.Series, test: pd.Series, known: np.ndarray, asked: np.ndarray, rows: np.ndarray, is_class: bool) -> float:
    codes, names = pd.factorize(pd.concat([train, test], ignore_index=True).fillna(""))
    return lookup_gain(codes[: len(train)], known, codes[len(train) :][rows], asked[rows], is_class)
