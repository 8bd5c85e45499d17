"""A sample submission that knows something of the answers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smith_checks.check import Check, Finding, Outcome
from smith_checks.disguises import text_parts
from smith_checks.package import Package, TargetColumn, to_numbers
from smith_checks.statistics import association_z

CHECK = Check(
    id="sample-submission-informative",
    title="The sample submission is related to the answers",
    severity="fatal",
    blame="refactor",
    why="A sample that is a shuffled or noisy copy of the answers hands out what should be predicted.",
    threshold="association above what 1 in 100,000 permutations would give (z of 4.4 under the permutation null, and 0.3 for each "
    "tenfold of columns tried); z of 6 for values that are the true ones, for the order of the rows and for parts of values, of which there are some hundreds; a constant "
    "that equals the mean or the median of the answers, and not of train, in seven digits",
    origin="one false alarm in 100,000 sound packages, whatever the number of columns",
)

EXACT = 1e-7


def run(package: Package) -> Outcome:
    sample = package.sample.set_index(package.id).reindex(package.test[package.id]).reset_index()
    columns = package.manifest["submission"]["columns"]
    outcome = Outcome(measured={"z": {}})
    for column in package.target_columns:
        tried = [column.name] if column.name in sample else columns[:40]
        for name in tried:
            values = to_numbers(sample[name])
            if np.isnan(values).all():
                values = np.unique(sample[name].astype(str), return_inverse=True)[1].astype(float)
                z = association_z(values, column.test, values_are_classes=True, target_is_class=column.is_class)
            else:
                z = association_z(values, column.test, values_are_classes=False, target_is_class=column.is_class)
            outcome.measured["z"][name] = z
            if z > 4.4 + 0.3 * np.log10(max(1, len(tried))):
                outcome.findings.append(
                    Finding(
                        "Fill the sample submission with values that do not depend on the answers.",
                        f"column {name!r} is associated with the answers: z = {z:.1f} under permutation",
                    )
                )
        if not column.is_class and column.name in sample:
            values = to_numbers(sample[column.name])
            _statistic(column, values, outcome)
            _equal(column, values, outcome)
    _hidden(package, outcome)
    return outcome


def _statistic(column: TargetColumn, values: np.ndarray, outcome: Outcome) -> None:
    """A constant that is the mean or the median of the true values, which no train row tells."""
    if len(np.unique(values)) != 1 or np.isnan(values).any():
        return
    for name, statistic in (("mean", np.nanmean), ("median", np.nanmedian)):
        true, learned = float(statistic(column.test)), float(statistic(column.train))
        if np.isclose(values[0], true, rtol=EXACT, atol=0) and not np.isclose(learned, true, rtol=EXACT, atol=0) and true != round(true):
            outcome.findings.append(
                Finding("Fill the sample submission with values that do not depend on the answers.", f"every value is the {name} of the true values, {true:.9g}")
            )


def _equal(column: TargetColumn, values: np.ndarray, outcome: Outcome) -> None:
    """Predictions that are the truth to the last digit, in more rows than values that recur would be by chance."""
    numbers, counts = np.unique(np.concatenate([values, column.test]), return_inverse=True)[:2]
    rows = len(values)
    chance = float((np.bincount(counts[:rows], minlength=len(numbers)) * np.bincount(counts[rows:], minlength=len(numbers))).sum()) / max(rows, 1)
    equal = int((values == column.test).sum())
    outcome.measured["z"][f"equal values, {column.name}"] = z = (equal - chance) / np.sqrt(max(chance, 1.0))
    if z > 6:
        outcome.findings.append(
            Finding("Fill the sample submission with values that do not depend on the answers.", f"{equal} of {rows} values are the true ones, {chance:.2g} by chance")
        )


def _hidden(package: Package, outcome: Outcome) -> None:
    """The order of the sample's rows, and the last characters of its values as written."""
    path = package.public / "sample_submission.csv"
    written = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8")
    place = pd.Series(np.arange(len(package.test)), index=package.test[package.id].astype("str")).reindex(written[package.id])
    known = place.notna().to_numpy()
    rows = place[known].to_numpy(dtype=int)
    empty = pd.Series([], dtype="str")
    for column in package.target_columns[:4]:
        y = column.test[rows]
        # Rows in the order of the test say what that says; other checks judge it.
        measures = [] if (np.diff(rows) > 0).all() else [("the order of its rows", np.arange(len(rows), dtype=float), False)]
        for name in package.manifest["submission"]["columns"][:4]:
            texts = written.loc[known, name].reset_index(drop=True)
            if texts.nunique() > 20:
                parts = text_parts(texts, empty, digits=True)
                measures += [(f"{where.replace('its', 'the')} of {name!r}", codes.astype(float), True) for where, codes, _ in parts]
        for what, values, is_class in measures:
            if package.time_ordered or len(np.unique(values)) > len(values) / 4 and is_class:
                continue
            z = association_z(values, y, values_are_classes=is_class, target_is_class=column.is_class)
            outcome.measured["z"][f"{what}, {column.name}"] = z
            if z > 6:
                outcome.findings.append(
                    Finding(
                        "Fill the sample submission with values, in an order, that do not depend on the answers.",
                        f"{what} is associated with {column.name!r}: z = {z:.1f} under permutation",
                    )
                )
                break
