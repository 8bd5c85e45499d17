"""Ids that do not name the same rows in test, sample submission and answers."""

from __future__ import annotations

import pandas as pd

from smith_checks.check import Check, Finding, Outcome
from smith_checks.package import Package

CHECK = Check(
    id="ids-inconsistent",
    title="Ids are repeated, missing, or differ between test, sample submission and answers",
    severity="fatal",
    blame="refactor",
    why="Rows are graded by id: one id too many or too few and a submission is scored against other rows.",
    stage="structure",
)


def run(package: Package) -> Outcome:
    outcome = Outcome()
    sets: dict[str, set[str]] = {}
    for name, frame in (("test", package.test), ("sample submission", package.sample), ("answers", package.answers)):
        ids = frame[package.id]
        missing, repeated = int(ids.isna().sum()), int(ids.dropna().duplicated().sum())
        outcome.measured[name] = {"rows": len(ids), "missing": missing, "repeated": repeated}
        sets[name] = set(ids.dropna())
        if missing:
            outcome.findings.append(Finding(f"Give every row of the {name} an id.", f"{missing} rows have none"))
        if repeated:
            example = ids[ids.duplicated()].iloc[0]
            outcome.findings.append(
                Finding(f"Make the ids of the {name} unique.", f"{repeated} ids are repeated, for example {example!r}")
            )
    for name in ("sample submission", "answers"):
        lacking, surplus = sets["test"] - sets[name], sets[name] - sets["test"]
        if lacking or surplus:
            outcome.findings.append(
                Finding(
                    f"The ids of the {name} must be those of the test rows.",
                    f"{len(lacking)} test ids are missing there and {len(surplus)} are there alone",
                )
            )
    if package.id in package.train.columns and not package.train[package.id].isna().any():
        shared = set(package.train[package.id]) & sets["test"]
        outcome.measured["shared with train"] = len(shared)
        if shared:
            outcome.findings.append(
                Finding("Train and test rows must not share ids.", f"{len(shared)} ids, for example {sorted(shared)[0]!r}")
            )
        if not package.train[package.id].is_unique and not _ids_are_entities(package.train[package.id]):
            outcome.findings.append(
                Finding("Make the ids of the train rows unique.", f"{int(package.train[package.id].duplicated().sum())} repeated")
            )
    return outcome


def _ids_are_entities(ids: pd.Series) -> bool:
    """A train table may have several rows for each id, when rows are measurements of one thing."""
    return ids.nunique() < 0.8 * len(ids)
