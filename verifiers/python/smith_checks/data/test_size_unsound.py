"""A hidden test that is too small to tell solutions apart, or a share that starves one side."""

from __future__ import annotations

from smith_checks.check import Check, Finding, Outcome
from smith_checks.package import Package

CHECK = Check(
    id="test-size-unsound",
    title="The hidden test is too small or its share unsound",
    severity="fatal",
    blame="brainstormer",
    why="With fewer than 40 units the noise of the score is larger than the differences between solutions.",
    threshold="at least 40 test rows, or 10 test groups for a grouped split; test share 5 to 50 percent (1 to 50 for time)",
    origin="the standard error of a share on 40 rows is 8 points, and as much of half the range of most metrics: solvers that differ "
    "by less are not told apart; the percentiles of resampled groups are few with fewer than 10; train is not to be smaller "
    "than the test that judges it",
    stage="structure",
)

LEAST_ROWS, LEAST_GROUPS, GREATEST_SHARE = 40, 10, 0.5


def run(package: Package) -> Outcome:
    train, test = len(package.train), len(package.test)
    share = test / (train + test)
    outcome = Outcome(measured={"train": train, "test": test, "share": share})
    declared = package.manifest["split"]["sizes"]
    if declared != {"train": train, "test": test}:
        outcome.findings.append(
            Finding(
                "The manifest's sizes must be those of the tables.",
                f"declared {declared['train']} and {declared['test']}, found {train} and {test}",
                severity="major",
                blame="refactor",
            )
        )
    if test < LEAST_ROWS:
        outcome.findings.append(Finding(f"A hidden test needs at least {LEAST_ROWS} rows.", f"test.csv has {test}"))
    count = _test_groups(package) if package.strategy == "group" else None
    if count is not None:
        outcome.measured["test groups"] = count
        if count < LEAST_GROUPS:
            outcome.findings.append(Finding(f"A grouped split needs at least {LEAST_GROUPS} groups in the hidden test.", f"there are {count}"))
    least_share = 0.01 if package.time_ordered or package.strategy in {"published", "other"} else 0.05
    # Large tests need no share: 2,000 rows tell solutions apart whatever was left for training.
    if share > GREATEST_SHARE + 0.005 and package.strategy not in {"published", "other"}:
        outcome.findings.append(
            Finding("Leave at least half of the rows for training.", f"test share {share:.3f}", blame="designer")
        )
    if share < least_share and test < 2000:
        outcome.findings.append(Finding("The test share is too small.", f"test share {share:.4f}", blame="designer"))
    return outcome


def _test_groups(package: Package) -> int | None:
    """How many groups the test has; None where nothing names them."""
    groups = package.groups
    for holder in (package.test, package.answers):
        if groups and all(name in holder for name in groups):
            return len(holder[groups].drop_duplicates())
    if package.units is None:
        return None
    return int(package.units[package.units.index.isin(package.answers[package.id])].nunique())
