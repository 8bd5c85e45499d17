"""The target, or what is graded with it, stands in the test table."""

from __future__ import annotations

from smith_checks.check import Check, Finding, Outcome
from smith_checks.package import Package

CHECK = Check(
    id="target-visible-in-test",
    title="A target column is in the test table",
    severity="fatal",
    blame="refactor",
    why="mle-bench issue 77: labels inside the test files made a competition solvable by reading them.",
    stage="structure",
)


def run(package: Package) -> Outcome:
    names = {name.strip().lower(): name for name in package.test.columns}
    visible = [names[name.strip().lower()] for name in package.targets if name.strip().lower() in names]
    findings = [Finding("Remove the target from the test table.", f"test.csv has the column {name!r}") for name in visible]
    if package.objective == "survival":
        event = [name for name in package.auxiliary if name in package.test.columns]
        findings += [Finding("Remove the event indicator from the test table.", f"test.csv has {name!r}") for name in event]
    return Outcome(measured={"columns": len(package.test.columns)}, findings=findings)
