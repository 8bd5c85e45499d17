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
    "correlation with having that value is 0.85; of the values of a number in their order, a class is turned off by some and on "
    "by others 6 times, and those that settle it are right for 98 percent of the test rows that have them, 30 and a tenth of all at least",
    origin="where chance leaves ten others, it leaves none once in 20,000 levels (Poisson, e^-10); one row in a hundred is left to "
    "slips of the pen; half and 0.85 are judgements of when a level means a value rather than goes with it; what goes with an amount rises "
    "and falls with it once or twice: prices that are those of the bought brand settled which was bought for half of the rows of Ecdat's Cracker",
)

PURITY, RECALL, AGREEMENT, LEAST_OTHERS, MOST_COMMON, MOST_LEVELS = 0.99, 0.5, 0.85, 10.0, 0.85, 12
LEAST_SPLIT = 20
LEAST_TURNS, LEAST_SHARE, LEAST_TEST, RIGHT = 6, 0.1, 30, 0.98
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
            settled = _settled(feature, train, test) if is_class else None
            if settled is not None:
                outcome.findings.append(
                    Finding(
                        f"Withhold {feature.name!r} when solvers predict {target!r}: its single values settle the answer, as no amount does.",
                        settled,
                        repair=drop(feature.name),
                    )
                )
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


def _settled(feature: Feature, train: np.ndarray, test: np.ndarray) -> str | None:
    """Values of a number, learned from train, that settle for the test whether rows have a class: what is so of them, None where nothing is."""
    if not feature.numeric or feature.distinct <= LEAST_TURNS:
        return None
    usable = ~np.isnan(train) & ~np.isnan(feature.train_values)
    levels, codes, sizes = np.unique(feature.train_values[usable], return_inverse=True, return_counts=True)
    asked = ~np.isnan(test) & np.isin(feature.test_values, levels)
    at = np.searchsorted(levels, feature.test_values[asked])
    for label in np.unique(train[usable]):
        inside = train[usable] == label
        share = float(inside.mean())
        rates = np.bincount(codes, weights=inside, minlength=len(levels)) / sizes
        off = (rates <= 1 - PURITY) & (sizes * share >= LEAST_OTHERS)
        on = (rates >= share) & (sizes * (1 - share) >= LEAST_OTHERS)
        turns = int(np.abs(np.diff(on[on | off].astype(int))).sum())
        pure = off | (on & (rates >= PURITY))
        told = pure[at]
        right = (rates[at][told] > 0.5) == (test[asked][told] == label)
        if turns >= LEAST_TURNS and told.sum() >= max(LEAST_TEST, LEAST_SHARE * len(test)) and right.mean() >= RIGHT:
            shown = ", ".join(f"{level:.6g}: {rate:.0%} of {size}" for level, rate, size in list(zip(levels[pure], rates[pure], sizes[pure], strict=True))[:6])
            return f"class {label:g} goes on and off {turns} times along its values ({shown}); they are right for {right.mean():.1%} of {told.sum()} test rows"
    return None


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
