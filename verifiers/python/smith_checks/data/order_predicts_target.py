"""Ids, or the order of rows, tell the target."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd

from smith_checks.check import Check, Finding, Outcome, skip
from smith_checks.columns import spread
from smith_checks.disguises import number_parts, text_parts
from smith_checks.package import Package
from smith_checks.statistics import agreement_within, association_z, bins, codes_of

CHECK = Check(
    id="order-predicts-target",
    title="Ids or the order of the rows are related to the target",
    severity="fatal",
    blame="refactor",
    why="Raw files are often sorted by class; ids and order that survive the preparation hand the labels out.",
    threshold="z of 6 under the permutation null for a few hundred measures (position, id, their remainders, characters of ids and pairs "
    "of them), with an association that matters: a tenth of the variance, and half of the chance agreement for pairs of characters",
    origin="z of 6 comes by chance once in 10^9, and of some hundred measures on two sides less than once in 10^6 packages; large "
    "tables make trifles significant, hence the tenth of the variance",
)

Z, SHARE, PAIRED = 6.0, 0.1, 0.5
MOST_ROWS, MOST_DIVISOR, MOST_CHARACTERS = 4000, 24, 12


def run(package: Package) -> Outcome:
    if package.time_ordered:
        return skip("rows of one series stand in the order of time")
    if all(_stands_as_told(package, frame) for frame in (package.train, package.test)):
        return skip("rows stand in the order that their group's number and a counter within it tell every solver")
    outcome = Outcome(measured={})
    strongest: dict[str, float] = {}
    standing = {"train": _first_of_runs(package, package.train), "test": _first_of_runs(package, package.test)}
    train_ids = package.train[package.id].astype("str") if package.id in package.train else None
    test_ids = package.test[package.id].astype("str")
    for column in package.target_columns[:4]:
        for side, y in (("train", column.train), ("test", column.test)):
            rows = standing[side]
            _judge(f"{side} position", list(_positions(rows, package.target_kind == "relevance")), y[rows], column, strongest, outcome)
            before = y[rows] if column.is_class else bins(y[rows], 10).astype(float)
            _judge(f"{side} row before", [("", before[:-1], "class")], y[rows][1:], column, strongest, outcome)
            lag = _neighbours(y[rows], column.is_class)
            outcome.measured[f"{side} neighbours, {column.name}"] = lag
            if lag * np.sqrt(np.count_nonzero(~np.isnan(y[rows]))) > Z and lag > 3 * SHARE:
                outcome.findings.append(
                    Finding(
                        f"Shuffle the {side} rows: neighbouring rows have like values of {column.name!r}.",
                        f"correlation of neighbours {lag:.2f}",
                    )
                )
        sides = [("test", test_ids.iloc[standing["test"]], column.test[standing["test"]])]
        if train_ids is not None:
            both = pd.concat([train_ids.iloc[standing["train"]], sides[0][1]], ignore_index=True)
            sides.append(("train and test", both, np.concatenate([column.train[standing["train"]], sides[0][2]])))
        for side, ids, y in sides:
            _judge(f"{side} id", list(_of_ids(ids)), y, column, strongest, outcome)
    outcome.measured["strongest"] = dict(sorted(strongest.items(), key=lambda entry: -entry[1])[:8])
    return outcome


def _judge(what: str, measures: list, y: np.ndarray, column, strongest: dict[str, float], outcome: Outcome) -> None:  # noqa: ANN001
    """Reports the first of the measures that tells the target."""
    for name, values, kind in measures:
        if kind == "pair":
            z, share = agreement_within(values, y if column.is_class else bins(y, 10).astype(float))
            least = PAIRED
        else:
            z = association_z(values, y, values_are_classes=kind == "class", target_is_class=column.is_class)
            share, least = _share(values, y, column.is_class, kind == "class"), SHARE
        label = f"{what}{name}, {column.name}"
        if share > least:
            strongest[label] = max(z, strongest.get(label, 0.0))
        if z > Z and share > least:
            outcome.findings.append(
                Finding(
                    f"Shuffle the rows and give them fresh ids: the {what}{name} is related to {column.name!r}.",
                    f"z = {z:.1f} under permutation, {share:.0%} of the variance",
                )
            )
            return


def _positions(rows: np.ndarray, within_queries: bool) -> Iterator[tuple[str, np.ndarray, str]]:
    if not within_queries:
        yield "", rows.astype(float), "number"
    for divisor in range(2, MOST_DIVISOR + 1):
        if len(rows) > 4 * divisor:
            yield f" modulo {divisor}", np.mod(rows, divisor).astype(float), "class"


def _of_ids(ids: pd.Series) -> Iterator[tuple[str, np.ndarray, str]]:
    """What an id may say: its number, its remainders, its characters, and pairs of these."""
    numbers = pd.to_numeric(ids.str.extract(r"(\d+)\D*$", expand=False), errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    if not np.isnan(numbers).all():
        yield "", numbers, "number"
        for where, codes, _ in number_parts(numbers, len(numbers)):
            yield f", {where}", codes.astype(float), "class"
    empty = pd.Series([], dtype="str")
    characters: list[tuple[str, np.ndarray]] = []
    for where, codes, _ in text_parts(ids, empty):
        distinct = int(codes.max(initial=0)) + 1
        if not 2 <= distinct <= max(40, len(codes) // 10):
            continue
        yield f", {where}", codes.astype(float), "class"
        if where.startswith("its character"):
            characters.append((where, codes))
    for (first, left), (second, right) in combinations(characters[:MOST_CHARACTERS], 2):
        yield f", {first} with {second}", (left * (int(right.max()) + 1) + right).astype(float), "pair"


def _stands_as_told(package: Package, frame: pd.DataFrame) -> bool:
    """Whether the order says nothing that columns do not say: groups by their number, and in each a counter (the words of sentences)."""
    groups = [name for name in package.groups if name in frame.columns]
    if len(groups) != 1:
        return False
    step = np.diff(pd.to_numeric(frame[groups[0]], errors="coerce").to_numpy(dtype=float, na_value=np.nan))
    within = step == 0
    if not ((step >= 0).all() and within.mean() > 0.5):
        return False
    others = frame.columns.difference([package.id, groups[0], *(column.name for column in package.target_columns)])
    counters = (frame[name] for name in others if pd.api.types.is_integer_dtype(frame[name]))
    return any((np.diff(counter.to_numpy(dtype=float))[within] > 0).all() for counter in counters)


def _first_of_runs(package: Package, frame: pd.DataFrame) -> np.ndarray:
    """Rows that are judged: where rows of one group stand together, the first of each."""
    groups = [name for name in package.groups if name in frame.columns]
    rows = np.arange(len(frame))
    if groups:
        keys = pd.factorize(frame[groups].astype("str").agg("|".join, axis=1))[0]
        new = np.concatenate([[True], keys[1:] != keys[:-1]])
        if new.mean() < 0.5:
            rows = rows[new]
    return rows[spread(len(rows), MOST_ROWS)] if len(rows) > 5 * MOST_ROWS else rows


def _share(values: np.ndarray, y: np.ndarray, is_class: bool, by_value: bool) -> float:
    """Share of the target's variance (of any class's indicator) between tenths of the values, or between the values."""
    known = ~(np.isnan(values) | np.isnan(y))
    if known.sum() < 20:
        return 0.0
    values, y = values[known], y[known]
    order = np.argsort(values, kind="stable")
    values, y = values[order], y[order]
    if by_value:
        parts = np.concatenate([[0], np.cumsum(values[1:] != values[:-1])])
    else:
        parts = np.repeat(np.arange(10), [len(part) for part in np.array_split(y, 10)])
    sizes = np.bincount(parts)
    if is_class:
        return max(_between(parts, sizes, (y == code).astype(float)) for code in np.unique(y)[:20])
    return _between(parts, sizes, y)


def _between(parts: np.ndarray, sizes: np.ndarray, values: np.ndarray) -> float:
    """Share of the values' variance between the parts, given as a code for each value, beyond what chance gives so many parts."""
    total = values.var()
    if total <= 0:
        return 0.0
    means = np.bincount(parts, weights=values) / sizes
    between = (sizes * (means - values.mean()) ** 2).sum() / len(values) / total
    return max(0.0, float(between) - (len(sizes) - 1) / len(values))


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
