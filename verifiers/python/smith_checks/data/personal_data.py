"""What the public tables say of persons."""

from __future__ import annotations

import re

import pandas as pd

from smith_checks.check import Check, Finding, Outcome
from smith_checks.package import Package

CHECK = Check(
    id="personal-data",
    title="A public column holds e-mail addresses, phone numbers or the like",
    severity="minor",
    blame="designer",
    why="A task is handed to many; a person in the data did not ask for that.",
    threshold="a tenth of the values of a column",
    origin="a judgement: one address among remarks is no column of addresses; it is reported for a person to look at",
)

PATTERNS = {
    "e-mail addresses": re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}", re.IGNORECASE),
    "phone numbers": re.compile(r"^\s*\+?\(?\d{2,4}\)?[\s/-]\d{3,4}[\s-]?\d{3,5}\s*$"),
    "social security numbers": re.compile(r"^\d{3}-\d{2}-\d{4}$"),
    "IP addresses": re.compile(r"^(\d{1,3}\.){3}\d{1,3}$"),
}


def run(package: Package) -> Outcome:
    outcome = Outcome(measured={"personal": []})
    for name in package.train.columns:
        values = package.train[name].dropna()
        if pd.api.types.is_numeric_dtype(values) or len(values) == 0 or name in package.targets:
            continue
        sample = values.astype("str").head(500)
        for what, pattern in PATTERNS.items():
            share = float(sample.map(lambda text, pattern=pattern: bool(pattern.search(text[:500]))).mean())
            if share >= 0.1:
                outcome.measured["personal"].append(f"{name}: {what}")
                outcome.findings.append(Finding(f"Consider withholding {name!r}: it holds {what}.", f"{share:.0%} of the values"))
    return outcome
