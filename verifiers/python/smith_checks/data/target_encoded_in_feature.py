"""The target is hidden in a part of a column: its last digits, its length, whether it is missing."""

from __future__ import annotations

import numpy as np

from smith_checks.check import Check, Finding, Outcome, drop
from smith_checks.columns import disguises, spread, table_of
from smith_checks.package import Package
from smith_checks.statistics import lookup_gain, lookup_gain_significant

CHECK = Check(
    id="target-encoded-in-feature",
    title="A part of a feature encodes the target",
    severity="fatal",
    blame="designer",
    why="Labels survive in check digits, in codes, in which cells are empty; a solver who looks finds them.",
    threshold="a lookup learned on train removes 95 percent of a constant's error on test (of the squared error of the ranks of a number), "
    "while the column as a whole does not",
    origin="the ladder's twentieth, as for whole features; learned on train and measured on test, the gain does not grow with the "
    "number of parts tried",
)

NEAR = 0.95
MOST_FEATURES, MOST_CELLS, FEW_TO_MOST_ROWS = 400, 150_000, (400, 2000)


def run(package: Package) -> Outcome:
    table = table_of(package)
    outcome = Outcome(measured={"tried": 0, "best": 0.0})
    most = int(np.clip(MOST_CELLS / max(1, len(table.names)), *FEW_TO_MOST_ROWS))
    kept = spread(len(table.train), most), spread(len(table.test), most)
    for target, is_class, train, test in table.targets(package):
        if not lookup_gain_significant(test, is_class):
            continue
        # A few hidden characters can only give few levels of a number: its ranks are looked up, where the tails weigh no more.
        y_train, y_test = (train, test) if is_class else (_ranks(train, train), _ranks(test, train))
        for feature in table.features[:MOST_FEATURES]:
            written = [side[feature.name].iloc[rows] for side, rows in zip(table.written, kept, strict=True)]
            for where, left, right in disguises(feature.of_rows(*kept), *written):
                gain = max(lookup_gain(left, y_train[kept[0]], right, y_test[kept[1]], is_class), 0.0)
                outcome.measured["tried"] += 1
                outcome.measured["best"] = max(outcome.measured["best"], gain)
                if gain >= NEAR and np.isfinite(gain):
                    outcome.findings.append(
                        Finding(
                            f"Withhold {feature.name!r}: {where} encodes {target!r}.",
                            f"{where} removes {gain:.1%} of a constant's error",
                            repair=drop(feature.name),
                        )
                    )
                    break
    return outcome


def _ranks(values: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Places among the values of train, between 0 and 1."""
    known = np.sort(reference[~np.isnan(reference)])
    middle = (np.searchsorted(known, values, side="left") + np.searchsorted(known, values, side="right")) / 2
    return np.where(np.isnan(values), np.nan, middle / max(1, len(known)))
