"""Ratings of the test that stand in train already: one user and one item, and all else that is known, equal."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smith_checks.check import Finding, Outcome
from smith_checks.columns import spread
from smith_checks.package import Package

Z, LEAST_SHARE, MOST_TEST = 4.0, 0.02, 800
# Train rows that independent columns would make equal to one test row: with more, equality says nothing of that row.
NATURAL = 0.05


def repeated_ratings(package: Package) -> Outcome:
    """Whether more test rows have an equal row in train than chance brings, with an equal answer more often than chance."""
    rows = spread(len(package.test), MOST_TEST)
    train, test = _codes(package, rows)
    expected = _expected(train, test)
    told = expected < NATURAL
    partner = np.array([_equal_row(train, row) if usable else -1 for row, usable in zip(test, told, strict=True)])
    copied, chance = partner >= 0, float(expected[told].sum())
    outcome = Outcome(measured={"compared": int(told.sum()), "equal": int(copied.sum()), "equal rows expected by chance": chance})
    target = package.target_columns[0]
    y, truth = target.train[partner[copied]], target.test[rows[copied]]
    known = ~np.isnan(y) & ~np.isnan(truth)
    if known.sum() < 5:
        return outcome
    shares = pd.Series(target.train).value_counts(normalize=True).to_numpy()
    luck = float((shares**2).sum())
    agreeing = float((y[known] == truth[known]).mean())
    z = (agreeing - luck) * np.sqrt(known.sum() / max(luck * (1 - luck), 1e-12))
    moved = float(known.sum() / len(rows) * (agreeing - luck) / max(1 - luck, 1e-12))
    outcome.measured |= {"equal answers": agreeing, "equal answers by chance": luck, "z": float(min(z, 1e6)), "moved": moved}
    if copied.sum() > chance + Z * np.sqrt(max(chance, 1.0)) and z > Z and moved > LEAST_SHARE:
        outcome.findings.append(
            Finding(
                "Remove repeated ratings before the split, or keep all of one user and item on one side.",
                f"{int(copied.sum())} of {len(rows)} test rows compared equal a train row in every known cell, {chance:.2g} by chance; "
                f"{agreeing:.0%} of them have its answer, {luck:.0%} by chance",
                repair={"kind": "deduplicate"},
            )
        )
    return outcome


def _codes(package: Package, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Features of all train rows and of some test rows as codes; -1 where there is no value."""
    columns = []
    for name in package.features:
        pooled = pd.concat([package.train[name], package.test[name].iloc[rows]], ignore_index=True)
        columns.append(pd.factorize(pooled)[0])
    table = np.column_stack(columns)
    return table[: len(package.train)], table[len(package.train) :]


def _expected(train: np.ndarray, test: np.ndarray) -> np.ndarray:
    """For each test row, the train rows that equal it in its known cells if the columns were independent."""
    logs = np.full(len(test), np.log(max(len(train), 1)))
    for column, asked in zip(train.T, test.T, strict=True):
        counts = np.bincount(column[column >= 0], minlength=int(asked.max(initial=0)) + 1)
        share = np.maximum(counts[asked], 1) / max(int(counts.sum()), 1)
        logs += np.where(asked >= 0, np.log(share), 0.0)
    return np.exp(logs)


def _equal_row(train: np.ndarray, row: np.ndarray) -> int:
    """The first train row that equals a row wherever that is known; -1 for none."""
    known = np.flatnonzero(row >= 0)
    left = np.arange(len(train))
    for place in known:
        left = left[train[left, place] == row[place]]
    return int(left[0]) if len(known) and len(left) else -1
