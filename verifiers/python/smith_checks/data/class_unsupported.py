"""Classes that are tested but can hardly be learned."""

from __future__ import annotations

import numpy as np

from smith_checks.check import Check, Finding, Outcome, skip
from smith_checks.package import Package

CHECK = Check(
    id="class-unsupported",
    title="A class of the test has too few rows in train",
    severity="fatal",
    blame="designer",
    why="A class that train does not show cannot be predicted; the score then measures luck.",
    threshold="every class of the test at least twice in train; each label of a multi-label task on both values",
    origin="one row to learn from and one to choose a model by: with a single row, no cross-validation has the class on both sides",
)


def run(package: Package) -> Outcome:
    if not package.is_class:
        return skip("the target is not a class")
    outcome = Outcome(measured={"classes": {}})
    for column in package.target_columns:
        size = len(column.labels)
        train = np.bincount(column.train[~np.isnan(column.train)].astype(int), minlength=size)
        test = np.bincount(column.test[~np.isnan(column.test)].astype(int), minlength=size)
        outcome.measured["classes"][column.name] = {"train least": int(train.min()), "test least": int(test.min()), "count": size}
        scarce = [column.labels[code] for code in range(size) if test[code] > 0 and train[code] < 2]
        if scarce:
            outcome.findings.append(
                Finding(
                    f"Classes of {column.name!r} in the test need rows in train: merge rare classes, drop them, or stratify.",
                    f"fewer than 2 train rows for {scarce[:10]}",
                )
            )
        if package.target_kind == "multilabel" and ((test > 0).sum() < 2 or (train > 0).sum() < 2):
            outcome.findings.append(
                Finding(f"The label {column.name!r} has only one value on one side: leave it out.", f"train {train.tolist()}, test {test.tolist()}")
            )
    return outcome
