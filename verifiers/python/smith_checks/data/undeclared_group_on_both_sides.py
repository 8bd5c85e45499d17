"""Rows that belong together by a column that names a person, a session or a source, split at random."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from smith_checks.check import Check, Finding, Outcome, skip
from smith_checks.columns import table_of
from smith_checks.mates import mates
from smith_checks.package import Package
from smith_checks.statistics import lookup_gain, lookup_gain_significant

CHECK = Check(
    id="undeclared-group-on-both-sides",
    title="A column that names entities has the same entity on both sides, and the entity tells the target",
    severity="fatal",
    blame="designer",
    why="The target of a person's other rows is then the answer; scores do not carry over to new persons.",
    threshold="named like an identifier, 2 rows or more each, at least 10 entities, nine tenths of the test rows of a known "
    "entity, and the entity's other rows remove half of a constant's error; or codes that differ in their last part only (N48A1, N48A2) on both "
    "sides in a fifth of the test rows, of which the mates in train, told by one more column if need be, remove half of the error that this column leaves",
    origin="ten as for the groups of a declared split; nine tenths, so that the test as a whole is of known entities; half of the "
    "error, so that an entity tells as much as all else together; a fifth of the rows with mates, so that they move the score by a tenth",
)

_NAMED = re.compile(
    r"(^|[^a-z])(id|ids|subject|subjects|patient|person|participant|respondent|speaker|user|student|pupil|session|household|family|"
    r"individual|animal|batch|plate|donor|site_?id|customer|client|device|machine|vehicle|farm|plot|litter|twin|pair)([^a-z]|$)|[a-z](ID|Id)$|_id$|^id_",
    re.IGNORECASE,
)
LEAST_GAIN, LEAST_GROUPS = 0.5, 10


def run(package: Package) -> Outcome:
    if package.strategy not in {"random", "stratified", "group"} or package.objective in {"rating_prediction", "ranking", "forecasting"}:
        return skip("only random splits of rows or groups")
    outcome = Outcome(measured={"entities": {}})
    outcome.findings += mates(package, outcome.measured)
    if not package.random_split:
        return outcome
    table = table_of(package)
    for target, is_class, train, test in list(table.targets(package))[:4]:
        if not lookup_gain_significant(test, is_class):
            continue
        for feature in table.features:
            rows = len(feature.train_codes)
            sizes = np.bincount(feature.train_codes)
            groups = int((sizes > 0).sum())
            if groups < LEAST_GROUPS or rows / groups < 2 or rows / groups > 200 or not _NAMED.search(feature.name):
                continue
            known = float(np.isin(feature.test_codes, feature.train_codes).mean())
            gain = lookup_gain(feature.train_codes, train, feature.test_codes, test, is_class)
            outcome.measured["entities"][feature.name] = {"groups": groups, "test rows of known": known, "gain": gain}
            if known > 0.9 and gain > LEAST_GAIN:
                outcome.findings.append(
                    Finding(
                        f"Split by {feature.name!r}, so that the test has entities that train does not show.",
                        f"{groups} entities; {known:.0%} of the test rows are of known ones, whose other rows remove {gain:.0%} of the error",
                        repair={"kind": "group_split", "columns": [feature.name]},
                    )
                )
    outcome.findings += _media_names(package, outcome)
    return outcome


def _bare(text: str) -> str:
    """Letters and digits alone."""
    return re.sub(r"[\W_]+", "", text).lower()


def _media_names(package: Package, outcome: Outcome) -> list[Finding]:
    """Parts of file names that recur on both sides, such as a speaker's name."""
    if package.media_column is None:
        return []
    sides = [frame[package.media_column].astype("str").str.replace(r"^.*/|\.[^.]*$", "", regex=True) for frame in (package.train, package.test)]
    parts = [side.str.split(r"[_\-\s]+", expand=True, regex=True) for side in sides]
    findings = []
    labels = {_bare(label) for column in package.target_columns if column.is_class for label in column.labels}
    for place in range(min(6, parts[0].shape[1], parts[1].shape[1])):
        left, right = parts[0][place].dropna(), parts[1][place].dropna()
        if pd.to_numeric(left, errors="coerce").notna().mean() > 0.5 or left.nunique() < 2:
            continue
        if {_bare(value) for value in left.unique()} <= labels:
            continue  # Words for the classes name no entity; whether they tell the label is judged elsewhere.
        if left.nunique() <= len(left) / 5 and right.isin(set(left)).mean() > 0.5 and left.nunique() > 1:
            outcome.measured[f"part {place + 1} of file names"] = {"values": int(left.nunique())}
            findings.append(
                Finding(
                    "Give the files fresh names: a part of them names what rows have in common.",
                    f"part {place + 1} has {left.nunique()} values, for example {left.iloc[0]!r}, on both sides",
                    blame="refactor",
                )
            )
    return findings[:1]
