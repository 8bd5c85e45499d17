"""An example submission that breaks the task's own rules."""

from __future__ import annotations

import numpy as np

from smith_checks.check import Check, Finding, Outcome
from smith_checks.package import Package, to_numbers

CHECK = Check(
    id="sample-submission-invalid",
    title="The sample submission is not in the declared format",
    severity="fatal",
    blame="refactor",
    why="Solvers copy the sample's shape; mle-bench shipped samples that lacked columns that the grader wanted.",
    stage="structure",
)


def run(package: Package) -> Outcome:
    sample, submission = package.sample, package.manifest["submission"]
    expected = [package.id, *submission["columns"]]
    outcome = Outcome(measured={"columns": len(expected), "kind": submission["kind"]})
    if list(sample.columns) != expected:
        outcome.findings.append(
            Finding(f"The sample submission must have exactly the columns {expected[:10]}.", f"found {list(sample.columns)[:20]}")
        )
        return outcome
    missing = [name for name in expected if sample[name].isna().any()]
    if missing:
        outcome.findings.append(Finding("Fill the sample submission.", f"missing values in {missing[:10]}"))
    kind, labels = submission["kind"], package.manifest["target"]["labels"]
    if kind == "label" and labels is not None:
        unknown = sorted(set(sample[submission["columns"][0]].dropna().astype(str)) - set(labels))
        if unknown:
            outcome.findings.append(Finding("The sample submission uses labels that do not exist.", f"unknown: {unknown[:10]}"))
    if kind in {"score", "value", "probabilities", "scores", "labels"}:
        for name in submission["columns"]:
            if not np.isfinite(to_numbers(sample[name])).all():
                outcome.findings.append(Finding(f"The sample column {name!r} must hold finite numbers.", "it does not"))
    if kind == "labels" and any(not sample[name].isin([0, 1]).all() for name in submission["columns"]):
        outcome.findings.append(Finding("The sample's labels must be 0 or 1.", "other values found"))
    if kind == "probabilities" and not outcome.findings:
        rows = sample[submission["columns"]].to_numpy(dtype=float)
        if (rows < 0).any() or (rows > 1).any():
            outcome.findings.append(Finding("The sample's probabilities must lie between 0 and 1.", "values outside"))
    return outcome
