"""Answers that are incomplete or not of the declared kind."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smith_checks.check import Check, Finding, Outcome
from smith_checks.package import Package, to_numbers

CHECK = Check(
    id="answers-invalid",
    title="Answers are missing, infinite, constant, or not of the declared kind",
    severity="fatal",
    blame="refactor",
    why="MLE-Dojo issue 6: a competition without answers can be played and never scored.",
    stage="structure",
)

# Heavy tails reach some ranges beyond; a slip of the unit reaches hundreds.
FAR = 100
_POSITIVE_ONLY = {"rmsle": -1.0, "mape": 0.0}


def run(package: Package) -> Outcome:
    outcome = Outcome()
    kind, labels = package.target_kind, package.manifest["target"]["labels"]
    multiple = kind == "multilabel"
    for side, frame in (("answers", package.answers), ("train", package.train)):
        for name in package.targets:
            values = frame[name]
            missing = int(values.isna().sum())
            if missing and not multiple:
                outcome.findings.append(
                    Finding(f"Every row of the {side} needs a value of {name!r}.", f"{missing} of {len(values)} are missing")
                )
            if kind in {"number", "count", "relevance", "survival"}:
                outcome.findings += _number_faults(package, side, name, values)
            elif multiple:
                odd = sorted(set(values.dropna().unique()) - {0, 1})
                if odd:
                    outcome.findings.append(Finding(f"Labels of {name!r} in the {side} must be 0, 1 or missing.", f"found {odd[:5]}"))
            elif labels is not None:
                unknown = sorted(set(values.dropna().astype(str)) - set(labels))
                if unknown:
                    outcome.findings.append(
                        Finding(f"The {side} hold labels of {name!r} that are not declared.", f"unknown labels: {unknown[:10]}")
                    )
    if kind in {"number", "count"}:
        outcome.findings += _far_away(package)
    if all(package.answers[name].nunique() <= 1 for name in package.targets):
        outcome.findings.append(
            Finding("The answers must vary: with one value there is nothing to predict.", "one distinct value", blame="designer")
        )
    elif all(package.train[name].nunique() <= 1 for name in package.targets):
        outcome.findings.append(
            Finding("The target must vary in train as it does in the answers: with one value there is nothing to learn.", "one distinct value in train")
        )
    for name in package.auxiliary:
        if package.answers[name].isna().any():
            outcome.findings.append(Finding(f"Complete the column {name!r} of the answers.", "it has missing values"))
    outcome.measured["rows"] = len(package.answers)
    return outcome


def _far_away(package: Package) -> list[Finding]:
    """Answers on another scale than the target of train: far beyond its range, or all of them by a common factor."""
    findings = []
    for name in package.targets:
        train, test = to_numbers(package.train[name]), to_numbers(package.answers[name])
        train, test = train[np.isfinite(train)], test[np.isfinite(test)]
        if len(train) < 20 or len(test) < 20:
            continue
        low, high = float(train.min()), float(train.max())
        beyond = int(((test < low - FAR * (high - low)) | (test > high + FAR * (high - low))).sum())
        if high > low and beyond > 0:
            findings.append(
                Finding(
                    f"Check the unit of {name!r} in the answers: some lie {FAR} times the range of train beyond it.",
                    f"{beyond} of {len(test)}; train has {low:g} to {high:g}, the answers {test.min():g} to {test.max():g}",
                )
            )
    return findings


def _number_faults(package: Package, side: str, name: str, values: pd.Series) -> list[Finding]:
    numbers = to_numbers(values)
    findings = []
    wrong = int((~np.isfinite(numbers) & values.notna().to_numpy()).sum())
    if wrong:
        findings.append(Finding(f"The {side} hold values of {name!r} that are not finite numbers.", f"{wrong} such values"))
    floor = _POSITIVE_ONLY.get(package.manifest["metric"]["name"])
    finite = numbers[np.isfinite(numbers)]
    if floor is not None and len(finite) and finite.min() <= floor:
        findings.append(
            Finding(
                f"The metric is not defined for values of {name!r} at or below {floor:g}.",
                f"smallest value in the {side}: {finite.min():g}",
                blame="designer",
            )
        )
    if package.target_kind == "count" and len(finite) and (finite.min() < 0 or (finite != np.round(finite)).any()):
        findings.append(Finding(f"Counts in {name!r} must be whole and not negative.", f"in the {side}"))
    return findings
