"""Ids, or the order of rows, tell the target."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smith_checks.check import Check, Finding, Outcome, skip
from smith_checks.package import Package
from smith_checks.statistics import association_z, codes_of

CHECK = Check(
    id="order-predicts-target",
    title="Ids or the order of the rows are related to the target",
    severity="fatal",
    blame="refactor",
    why="Raw files are often sorted by class; ids and order that survive the preparation hand the labels out.",
    threshold="z of 5 under the permutation null for at most six measures, with an association that matters (a tenth of the variance)",
)

Z, SHARE = 5.0, 0.1


def run(package: Package) -> Outcome:
    if package.time_ordered or package.strategy in {"group", "published"}:
        return skip("rows of one series, group or published part may stand together")
    outcome = Outcome(measured={})
    train_ids = package.train[package.id] if package.id in package.train else None
    for column in package.target_columns[:4]:
        sides = (("train", train_ids, column.train), ("test", package.test[package.id], column.test))
        for side, ids, y in sides:
            position = np.arange(len(y), dtype=float)
            measures = {"position": position}
            if ids is not None:
                numbers = pd.to_numeric(ids.str.extract(r"(\d+)\D*$", expand=False), errors="coerce").to_numpy(dtype=float, na_value=np.nan)
                if not np.isnan(numbers).all():
                    measures["id"] = numbers
                    measures["last digit of the id"] = np.mod(numbers, 10)
            for name, values in measures.items():
                if name == "position" and package.target_kind == "relevance":
                    continue
                z = association_z(values, y, values_are_classes=name.startswith("last"), target_is_class=column.is_class)
                share = _share(values, y, column.is_class)
                outcome.measured[f"{side} {name}, {column.name}"] = {"z": z, "share": share}
                if z > Z and share > SHARE:
                    outcome.findings.append(
                        Finding(
                            f"Shuffle the {side} rows and give them fresh ids: the {name} is related to {column.name!r}.",
                            f"z = {z:.1f} under permutation, {share:.0%} of the variance",
                        )
                    )
            lag = _neighbours(y, column.is_class)
            outcome.measured[f"{side} neighbours, {column.name}"] = lag
            if lag * np.sqrt(np.count_nonzero(~np.isnan(y))) > Z and lag > 3 * SHARE:
                outcome.findings.append(
                    Finding(
                        f"Shuffle the {side} rows: neighbouring rows have like values of {column.name!r}.",
                        f"correlation of neighbours {lag:.2f}",
                    )
                )
    return outcome


def _share(values: np.ndarray, y: np.ndarray, is_class: bool) -> float:
    """Share of the target's variance (of any class's indicator) between tenths of the values."""
    known = ~(np.isnan(values) | np.isnan(y))
    if known.sum() < 20:
        return 0.0
    order = np.argsort(values[known], kind="stable")
    parts = np.array_split(y[known][order], 10)
    if is_class:
        codes = np.unique(y[known])
        return max(_between([part == code for part in parts]) for code in codes[:20])
    return _between(parts)


def _between(parts: list[np.ndarray]) -> float:
    everything = np.concatenate(parts).astype(float)
    total = everything.var()
    if total <= 0:
        return 0.0
    between = sum(len(part) * (part.mean() - everything.mean()) ** 2 for part in parts) / len(everything) / total
    return max(0.0, float(between) - (len(parts) - 1) / len(everything))


def _neighbours(y: np.ndarray, is_class: bool) -> float:
    """Correlation of neighbouring targets; for classes, agreement above chance."""
    known = y[~np.isnan(y)]
    if len(known) < 20:
        return 0.0
    if is_class:
        codes = codes_of(known)
        chance = float(((np.bincount(codes) / len(codes)) ** 2).sum())
        return (float((codes[1:] == codes[:-1]).mean()) - chance) / (1 - chance) if chance < 1 else 0.0
    from smith_checks.statistics import rank_correlation

    return rank_correlation(known[1:], known[:-1])
