"""A table beside train and test describes what the train rows name, and not all of what the test rows name."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from smith_checks.check import Check, Finding, Outcome, clip, skip
from smith_checks.package import Package

CHECK = Check(
    id="side-table-incomplete",
    title="A side table lacks what the test rows refer to",
    severity="major",
    blame="designer",
    why="Who joins the table gets features for train and gaps for the test: what is learned cannot be applied.",
    threshold="a shared column whose values in train are covered to 98 percent, and those in test to less than 95 percent, with at least 10 of each",
    origin="a judgement: 98 percent of train shows that the table was meant to describe all rows; the 3 percent between keep what "
    "the source itself lacks from counting",
)

LEAST_VALUES, IN_TRAIN, IN_TEST = 10, 0.98, 0.95
MOST_BYTES, MOST_TABLES = 200_000_000, 20
_KNOWN = {"train.csv", "test.csv", "sample_submission.csv"}


def run(package: Package) -> Outcome:
    media = set() if package.media_column is None else set(package.train[package.media_column].dropna()) | set(package.test[package.media_column].dropna())
    tables = [name for name in package.public_files if name.endswith(".csv") and name not in _KNOWN and name not in media]
    if not tables:
        return skip("there is no table beside train and test")
    outcome = Outcome(measured={"tables": len(tables)})
    for name in tables[:MOST_TABLES]:
        columns = _shared_columns(package, package.public / name)
        for column, values in columns.items():
            covered = {}
            for side, frame in (("train", package.train), ("test", package.test)):
                wanted = set(frame[column].dropna().astype("str"))
                covered[side] = len(wanted & values) / len(wanted) if len(wanted) >= LEAST_VALUES else None
            if covered["train"] is None or covered["test"] is None:
                continue
            outcome.measured[f"{name}: {column}"] = covered
            if covered["train"] >= IN_TRAIN and covered["test"] < IN_TEST:
                outcome.findings.append(
                    Finding(
                        f"Complete {clip(name, 120)}: it must describe the {clip(column, 80)!r} of the test rows too.",
                        f"it has {covered['train']:.0%} of what train names and {covered['test']:.0%} of what test names",
                    )
                )
    return outcome


def _shared_columns(package: Package, path: Path) -> dict[str, set[str]]:
    """Columns that the table shares with train and test, with their values as text."""
    if path.stat().st_size > MOST_BYTES:
        return {}
    try:
        header = pd.read_csv(path, nrows=0).columns
        shared = [name for name in header if name in package.train.columns and name in package.test.columns and name not in package.targets]
        frame = pd.read_csv(path, usecols=shared, low_memory=False) if shared else pd.DataFrame()
    except (ValueError, OSError):
        return {}
    return {name: set(frame[name].dropna().astype("str")) for name in shared}
