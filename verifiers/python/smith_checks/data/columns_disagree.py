"""Train and test describe their rows differently."""

from __future__ import annotations

import pandas as pd

from smith_checks.check import Check, Finding, Outcome
from smith_checks.package import Package

CHECK = Check(
    id="columns-disagree",
    title="Train and test differ in columns or types",
    severity="fatal",
    blame="refactor",
    why="What is learned on train must be applicable to test; a column of another type breaks every solution alike.",
    stage="structure",
)


def run(package: Package) -> Outcome:
    outcome = Outcome()
    train, test = package.train, package.test
    allowed_in_train = {package.id, *package.targets, *package.auxiliary}
    only_test = [name for name in test.columns if name not in train.columns and name != package.id]
    only_train = [name for name in train.columns if name not in test.columns and name not in allowed_in_train]
    outcome.measured = {"shared": len(package.features), "only in test": only_test, "only in train": only_train}
    if only_test:
        outcome.findings.append(Finding("Remove the columns that only the test table has.", f"only in test.csv: {only_test[:10]}"))
    # Where the future is predicted, what is not known in advance stands in train alone.
    if only_train and not package.time_ordered:
        outcome.findings.append(
            Finding("Give the test table the features of the train table.", f"only in train.csv: {only_train[:10]}")
        )
    declared = [feature["column"] for feature in package.manifest["features"]]
    undeclared = [name for name in test.columns if name not in {package.id, *declared}]
    absent = [name for name in declared if name not in test.columns]
    if declared and (undeclared or absent):
        outcome.findings.append(
            Finding(
                "The manifest's features must be the columns of test.csv.",
                f"not declared: {undeclared[:10]}; declared but absent: {absent[:10]}",
            )
        )
    types = {feature["column"]: feature["type"] for feature in package.manifest["features"]}
    texts = [name for name in package.features if types.get(name) in {"number", "integer"} and _is_text(train[name])]
    if texts:
        outcome.findings.append(
            Finding("Give the manifest the types that the columns have.", f"called numbers, but texts: {texts[:10]}", severity="major")
        )
    for name in package.features:
        left, right = train[name], test[name]
        if left.isna().all() or right.isna().all():
            continue
        numeric = [pd.api.types.is_numeric_dtype(column) for column in (left, right)]
        if numeric[0] != numeric[1] and not _one_odd_value(left if numeric[1] else right):
            outcome.findings.append(
                Finding(
                    f"Write the column {name!r} with the same type on both sides.",
                    f"train: {left.dtype}, test: {right.dtype}",
                )
            )
    return outcome


def _is_text(column: pd.Series) -> bool:
    """Most values are no numbers."""
    known = column.dropna()
    return len(known) > 0 and not pd.api.types.is_numeric_dtype(column) and bool(pd.to_numeric(known, errors="coerce").notna().mean() < 0.5)


def _one_odd_value(text: pd.Series) -> bool:
    """A text column whose values are almost all numbers: the other side merely has none of the exceptions."""
    return bool(pd.to_numeric(text.dropna(), errors="coerce").notna().mean() > 0.5)
