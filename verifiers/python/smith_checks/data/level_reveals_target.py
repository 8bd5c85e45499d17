"""A gap or a level of a feature that exists only because of the outcome."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from smith_checks.check import Check, Finding, Outcome, drop
from smith_checks.columns import Feature, Table, table_of
from smith_checks.package import Package
from smith_checks.statistics import ranks

CHECK = Check(
    id="level-reveals-target",
    title="A missing value or a level of a feature gives the target away",
    severity="major",
    blame="designer",
    why="Fields that are filled in once the outcome is known (union membership of those who earn, the hospital of those who lived to reach it) "
    "leak it through a gap or a level, though the column as a whole is no copy; a pure level of a natural trait is no leak.",
    threshold="99 percent of the rows with the gap or the level have one class, or the commonest value of a number, where chance leaves at "
    "least ten others; of pairs of a row with a gap and one without, 20 at least of each, 99 percent have a number in one order; a level counts for events that happen to a row, and for numbers when it holds half of that value's rows or its "
    "correlation with having that value is 0.85",
    origin="where chance leaves ten others, it leaves none once in 20,000 levels (Poisson, e^-10); one row in a hundred is left to "
    "slips of the pen; half and 0.85 are judgements of when a level means a value rather than goes with it",
)

PURITY, RECALL, AGREEMENT, LEAST_OTHERS, MOST_COMMON, MOST_LEVELS = 0.99, 0.5, 0.85, 10.0, 0.85, 12
LEAST_SPLIT = 20
_EVENT = re.compile(
    r"(?<![a-z])(dead|death|died?|alive|surviv\w*|mortality|cancel\w*|default\w*|churn\w*|fraud\w*|relaps\w*|recur\w*|readmi\w*|complet\w*|"
    r"convert\w*|purchas\w*|bought|subscri\w*|admitted|approved|granted|fail(?:ed|ure)|arrest\w*|returned|no.?show|attrition|dropout|dropped)(?![a-z])",
    re.IGNORECASE,
)

_UNKNOWN = r"nk|unk|unknown|not (?:known|stated|available|recorded|applicable)|n/?a|dk|don'?t know|missing|refused|no answer|[?.*-]"


def run(package: Package) -> Outcome:
    table = table_of(package)
    outcome = Outcome(measured={"purest": {}})
    purest: dict[str, float] = {}
    for target, is_class, train, test in table.targets(package):
        values = np.concatenate([train, test])
        known = ~np.isnan(values)
        event = is_class and len(np.unique(values[known])) == 2 and _is_event(package, target)
        for feature in table.features:
            for name, rows, gap in _indicators(table, feature):
                found = _pure(values[known], rows[known], is_class)
                if found is None:
                    continue
                purity, recall, agreement, size = found
                purest[f"{feature.name} {name}"] = purity
                # One value of a number is told as a class is: whether the amount is zero.
                telling = gap or event or (not is_class and recall >= RECALL)
                if (telling and purity >= PURITY) or (not is_class and agreement >= AGREEMENT):
                    outcome.findings.append(
                        Finding(
                            f"Withhold {feature.name!r} when solvers predict {target!r}: where it {name}, the answer is given.",
                            f"{purity:.1%} of {size} such rows have one value of the target, {recall:.0%} of all rows with it",
                            repair=drop(feature.name),
                        )
                    )
                    break
            gaps = feature.missing["all"][known]
            if not is_class and _split(values[known], gaps):
                outcome.findings.append(
                    Finding(
                        f"Withhold {feature.name!r} when solvers predict {target!r}: whether it is missing tells on which side of a value the answer lies.",
                        f"{int(gaps.sum())} of {len(gaps)} rows have no value, and nearly all of them lie on one side of the others' {target!r}",
                        repair=drop(feature.name),
                    )
                )
        blank, columns = _blanks(table)
        for least in sorted({1, (len(columns) + 1) // 2, len(columns)}) if len(columns) >= 2 else []:
            found = _pure(values[known], (blank >= least)[known], is_class)
            if found is not None and found[0] >= PURITY:
                outcome.findings.append(
                    Finding(
                        f"Withhold the columns that stay empty together when solvers predict {target!r}: their gaps give the answer.",
                        f"{found[0]:.1%} of {found[3]} rows without a value in {least} of {len(columns)} columns ({', '.join(columns[:6])}) have one value of the target",
                        repair=drop(*columns),
                    )
                )
                break
    outcome.measured["purest"] = dict(sorted(purest.items(), key=lambda entry: -entry[1])[:5])
    return outcome


def _blanks(table: Table) -> tuple[np.ndarray, list[str]]:
    """How many values each row lacks, words for "not known" included, and the columns that lack some."""
    count, columns = np.zeros(len(table.train) + len(table.test), dtype=int), []
    for feature in table.features:
        column = pd.concat([table.train[feature.name], table.test[feature.name]], ignore_index=True)
        lacking = column.isna()
        if not feature.numeric:
            lacking |= column.astype("str").str.strip().str.fullmatch(_UNKNOWN, case=False).fillna(False)
        if 0 < lacking.sum() < len(column):
            count += lacking.to_numpy(dtype=int)
            columns.append(feature.name)
    return count, columns


def _is_event(package: Package, target: str) -> bool:
    labels = package.manifest["target"].get("labels") or []
    said = " ".join([target, *(str(label) for label in labels), str(package.manifest.get("title", ""))])
    return _EVENT.search(re.sub(r"[_.]", " ", said)) is not None


def _indicators(table: Table, feature: Feature) -> list[tuple[str, np.ndarray, bool]]:
    """What may give an answer away: whether the value is missing, and each frequent value of few-valued columns."""
    missing = np.concatenate([table.train[feature.name].isna().to_numpy(), table.test[feature.name].isna().to_numpy()])
    found = [("is missing", missing, True), ("is not missing", ~missing, True)] if missing.any() else []
    counts = np.bincount(feature.codes)
    levels = np.argsort(-counts, kind="stable")[: MOST_LEVELS if feature.distinct <= MOST_LEVELS else 2]
    for code in levels:
        rows = (feature.codes == code) & ~missing
        if rows.any():
            shown = str(_value(table, feature.name, rows))[:40]
            found.append((f"is {shown!r}", rows, False))
    return found


def _value(table: Table, name: str, rows: np.ndarray) -> object:
    split = len(table.train)
    at = int(np.flatnonzero(rows)[0])
    return table.train[name].iloc[at] if at < split else table.test[name].iloc[at - split]


def _split(values: np.ndarray, gaps: np.ndarray) -> bool:
    """Whether 99 of 100 pairs of a row with the gap and one without are in the same order: Mann and Whitney's U as a share."""
    with_gap, without = int(gaps.sum()), int((~gaps).sum())
    if min(with_gap, without) < LEAST_SPLIT:
        return False
    share = (ranks(values)[gaps].sum() - with_gap * (with_gap + 1) / 2) / (with_gap * without)
    return bool(max(share, 1 - share) >= PURITY)


def _pure(values: np.ndarray, rows: np.ndarray, is_class: bool) -> tuple[float, float, float, int] | None:
    """Share of the commonest answer among the rows, share of that answer's rows they are, correlation of both, and how many rows.

    None where chance could do it.
    """
    size = int(rows.sum())
    if size == 0 or size == len(values):
        return None
    answers, codes, counts = np.unique(values, return_inverse=True, return_counts=True)
    inside = np.bincount(codes[rows], minlength=len(answers))
    answer = int(inside.argmax())
    if not is_class and counts[answer] < 0.02 * len(values):
        return None
    share = counts[answer] / len(values)
    if share > MOST_COMMON or size * (1 - share) < LEAST_OTHERS:
        return None
    agreement = float(np.corrcoef(rows, codes == answer)[0, 1])
    return float(inside[answer] / size), float(inside[answer] / counts[answer]), agreement, size
