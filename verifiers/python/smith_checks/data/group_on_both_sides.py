"""A declared group has rows in train and in test."""

from __future__ import annotations

import re

from smith_checks.check import Check, Finding, Outcome, skip
from smith_checks.package import Package

CHECK = Check(
    id="group-on-both-sides",
    title="A group of the split has rows on both sides",
    severity="fatal",
    blame="refactor",
    why="One speaker or patient on both sides lets a model recognise the person instead of the thing.",
    threshold="not one group",
)


def run(package: Package) -> Outcome:
    groups = package.groups
    if package.strategy != "group" or not package.manifest["split"]["groups"]:
        return skip("the split is not by groups")
    outcome = Outcome(measured={})
    units = package.units
    if units is not None:
        lacking = set(package.answers[package.id]) - set(units.index)
        if lacking:
            outcome.findings.append(Finding("units.csv must name the unit of every test row.", f"{len(lacking)} rows have none"))
    shared = [name for name in groups if name in package.train]
    if not shared and units is None:
        return Outcome(findings=[Finding("Name groups that a table has, or add private/units.csv.", f"no table has {groups[:5]}")])
    holder = package.test if all(name in package.test for name in shared) else package.answers
    if not shared or any(name not in holder for name in shared):
        return skip("the columns of the groups are not in the tables") if not outcome.findings else outcome
    left, right = (set(side[shared].astype("str").agg("\x1f".join, axis=1)) for side in (package.train, holder))
    # Another spelling is no other group, unless train itself tells the two apart.
    plain = [{re.sub(r"\s+", " ", name).strip().casefold() for name in names} for names in (left, right)]
    if len(plain[0]) == len(left):
        left, right = plain
    both = left & right
    outcome.measured = {"train groups": len(left), "test groups": len(right), "on both sides": len(both)}
    if both:
        outcome.findings.append(
            Finding(
                f"Keep all rows of one {', '.join(shared)} on one side.",
                f"{len(both)} of {len(right)} test groups also have train rows, for example {sorted(both)[0]!r}",
            )
        )
    return outcome
