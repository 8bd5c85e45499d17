"""In a random split, train and test are not of one distribution."""

from __future__ import annotations

import numpy as np

from smith_checks.check import Check, Finding, Outcome, skip
from smith_checks.columns import table_of
from smith_checks.package import Package
from smith_checks.statistics import association_z

CHECK = Check(
    id="train-and-test-differ",
    title="Train and test can be told apart although the split is random",
    severity="major",
    blame="refactor",
    why="A split that calls itself random and is not measures something else; often one side was prepared differently.",
    threshold="z of 5 plus the columns tried under the permutation null, and the side explains at least 2 percent of the variance",
    origin="z of 5 comes by chance 6 times in 10^7; one more for each tenfold of columns outweighs their number; large tables make "
    "trifles significant, hence the 2 percent",
)


def run(package: Package) -> Outcome:
    if not package.random_split:
        return skip("the split is not random")
    table = table_of(package)
    side = np.concatenate([np.zeros(len(table.train_rows)), np.ones(len(table.test_rows))])
    limit = 5.0 + np.log10(max(1, len(table.names)))
    outcome = Outcome(measured={"columns": len(table.names), "greatest z": 0.0})
    for feature in table.features:
        measures = [("its values", feature.values if feature.numeric else _grouped(feature.codes), not feature.numeric)]
        if feature.numeric and np.isnan(feature.values).any():
            measures.append(("its gaps", np.isnan(feature.values).astype(float), True))
        if feature.numeric and feature.fractional:
            measures.append(("the decimals", np.concatenate(feature.decimals(*(side[feature.name] for side in table.written))), True))
        for what, values, classes in measures:
            z = association_z(values, side, values_are_classes=classes, target_is_class=True)
            outcome.measured["greatest z"] = max(outcome.measured["greatest z"], z)
            share = _share(values, side)
            if z > limit and share > 0.02:
                outcome.findings.append(
                    Finding(
                        f"Split at random after all rows were prepared alike: {what} of {feature.name!r} tell train from test.",
                        f"z = {z:.1f} under permutation, {share:.1%} of the variance",
                    )
                )
    outcome.findings = outcome.findings[:5]
    return outcome


def _grouped(codes: np.ndarray) -> np.ndarray:
    """The thirty most frequent codes, and one for all others: rare values are on one side by nature."""
    counts = np.bincount(codes)
    frequent = np.argsort(-counts, kind="stable")[:30]
    kept = np.isin(codes, frequent[counts[frequent] >= 10])
    return np.where(kept, codes, -1).astype(float)


def _share(values: np.ndarray, side: np.ndarray) -> float:
    """Share of the side's variance that tenths of the values, or the values themselves, explain."""
    known = ~np.isnan(values)
    from smith_checks.statistics import bins

    codes = bins(values[known], 10)
    counts = np.bincount(codes)
    means = np.bincount(codes, weights=side[known]) / np.maximum(counts, 1)
    overall = side[known].mean()
    total = overall * (1 - overall)
    if total <= 0:
        return 0.0
    return float((counts * (means - overall) ** 2).sum() / known.sum() / total) - (np.count_nonzero(counts) - 1) / known.sum()
