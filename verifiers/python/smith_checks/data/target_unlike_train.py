"""After a time split, the test's target is something that train never shows."""

from __future__ import annotations

import numpy as np

from smith_checks.check import Check, Finding, Outcome, skip
from smith_checks.package import Package

CHECK = Check(
    id="target-unlike-train",
    title="The target of later rows takes values that earlier rows never have",
    severity="major",
    blame="designer",
    why="A break in the world (a season without spectators, a change of definition) makes the score a matter of outside knowledge: "
    "a block of equal values that train never shows, or a level that lies beyond all of train.",
    threshold="no single value that train lacks in 2 percent or more of the test rows, and the test's median inside train's range",
)

LEAST_SHARE = 0.02


def run(package: Package) -> Outcome:
    if package.strategy != "time" or package.is_class:
        return skip("no number is asked for after a split by time")
    outcome = Outcome(measured={})
    for column in package.target_columns:
        train, test = column.train[~np.isnan(column.train)], column.test[~np.isnan(column.test)]
        if len(train) < 2 or len(test) < 2:
            continue
        values, counts = np.unique(test, return_counts=True)
        shares = np.where(np.isin(values, train), 0.0, counts / len(test))
        # A value that comes once is just another number.
        shares[counts < 3] = 0.0
        worst = int(shares.argmax())
        median = float(np.median(test))
        outside = median < train.min() or median > train.max()
        outcome.measured[column.name] = {"greatest unseen share": float(shares[worst]), "test median": median, "train": [float(train.min()), float(train.max())]}
        if shares[worst] >= LEAST_SHARE:
            outcome.findings.append(
                Finding(
                    f"End the test before {column.name!r} breaks off from its past, or ask for something else.",
                    f"{shares[worst]:.1%} of the test rows are {values[worst]:g}, which train never shows",
                )
            )
        elif outside:
            outcome.findings.append(
                Finding(
                    f"Ask for a change or a ratio of {column.name!r}: its level in the test lies beyond train.",
                    f"the test's median is {median:g}, train has {train.min():g} to {train.max():g}",
                )
            )
    return outcome
