"""The target is a formula of several features: a sum, a difference, a product, a ratio, or a map of two columns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from smith_checks.check import Check, Finding, Outcome, drop
from smith_checks.columns import Feature, Table, table_of
from smith_checks.package import Package
from smith_checks.statistics import constancy_evidence, lookup_gain, lookup_gain_significant

CHECK = Check(
    id="target-computed-from-features",
    title="Two or more features together determine the target",
    severity="fatal",
    blame="designer",
    why="A total beside its parts, a rate beside its counts, a code split over two columns: arithmetic, not learning.",
    threshold="least squares (plain or on logarithms) leaves less than 1e-8 of the variance with ten rows per column; or a "
    "map of two columns is exact on all rows, covers the test and has a chance below 1e-6 divided by the pairs tried; or a map of a "
    "column and the halves of a number, learned on train, removes 95 percent of a constant's error in classes on test",
    origin="1e-8 of the variance is four digits of the target, to which tables round; with fewer than ten rows for each column much "
    "fits by chance; 1e-6 is one false alarm in a million packages, divided by the pairs tried (Bonferroni)",
)

MOST_COLUMNS, MOST_PAIRED, RESIDUAL = 200, 40, 1e-8
# Pairs of values with a half, at most: enough rows of each to learn from. Of a constant's error, they remove the ladder's 19 twentieths.
MOST_HALVED, NEAR = 24, 0.95


def run(package: Package) -> Outcome:
    table = table_of(package)
    outcome = Outcome(measured={"pairs": 0})
    for target, is_class, train, test in table.targets(package):
        if not is_class:
            outcome.findings += _formula(table, target, np.concatenate([train, test]), outcome)
        outcome.findings += _pairs(table, target, is_class, train, test, outcome)
    return outcome


def _formula(table: Table, target: str, y: np.ndarray, outcome: Outcome) -> list[Finding]:
    columns = [feature for feature in table.features if feature.numeric and feature.distinct > 1][:MOST_COLUMNS]
    known = ~np.isnan(y)
    columns = [feature for feature in columns if np.isnan(feature.values[known]).mean() < 0.02]
    if not columns or len(np.unique(y[known])) < 5:
        return []
    values = np.column_stack([feature.values for feature in columns])
    known &= ~np.isnan(values).any(axis=1)
    if known.sum() < 10 * (len(columns) + 1):
        return []
    rows = np.flatnonzero(known)[:4000]
    forms = [("sum", values[rows], y[rows])]
    if (y[rows] > 0).all():
        positive = (values[rows] > 0).all(axis=0)
        if positive.any():
            forms.append(("product", np.log(np.where(positive, values[rows], 1.0)), np.log(y[rows])))
    for name, matrix, goal in forms:
        used = _exact_terms(matrix, goal)
        outcome.measured[f"{target} as weighted {name}"] = bool(used)
        if used and len(used) > 0:
            names = [columns[position].name for position in used]
            return [
                Finding(
                    f"{target!r} is a weighted {name} of other columns: withhold them, or predict something else.",
                    f"exact on {len(rows)} rows: {names[:12]}",
                    repair=drop(*names),
                )
            ]
    return []


def _exact_terms(matrix: np.ndarray, goal: np.ndarray) -> list[int]:
    """Positions of the columns of an exact linear combination; empty when there is none."""
    spread = matrix.std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    design = np.column_stack([(matrix - matrix.mean(axis=0)) / scale, np.ones(len(goal))])
    centred = goal - goal.mean()
    total = float(centred @ centred)
    if total <= 0:
        return []
    weights = np.linalg.lstsq(design, centred, rcond=1e-10)[0]
    left = centred - design @ weights
    if float(left @ left) / total > RESIDUAL:
        return []
    return [position for position in range(matrix.shape[1]) if abs(weights[position]) > 1e-3 * np.abs(weights[:-1]).max()]


def _pairs(table: Table, target: str, is_class: bool, train: np.ndarray, test: np.ndarray, outcome: Outcome) -> list[Finding]:
    y = np.concatenate([train, test])
    rows = len(y)
    if not lookup_gain_significant(test, is_class):
        return []
    few = [feature for feature in table.features if 2 <= feature.distinct <= rows / 4][:MOST_PAIRED]
    numbers = [feature for feature in table.features if feature.numeric and feature.distinct > rows / 4][: MOST_PAIRED // 2]
    halves = [_halves(feature) for feature in numbers] if is_class else []
    names = {feature.name for feature in halves}
    few += halves
    tried = len(few) * (len(few) - 1) // 2
    outcome.measured["pairs"] += tried
    limit = 6.0 + np.log10(max(1, tried))
    known = ~np.isnan(y)
    for first, second in ((a, b) for place, a in enumerate(few) for b in few[place + 1 :]):
        combined = first.codes.astype(np.int64) * (second.distinct + 1) + second.codes
        pairs = np.unique(combined[known])
        if len(pairs) > rows / 2.5:
            continue
        pure, evidence = constancy_evidence(combined, y)
        # The row in the middle may be counted to either half, so that halves are judged by what they foretell.
        halved = second.name in names and len(pairs) <= MOST_HALVED
        if not halved and (not pure or evidence < limit or _one_suffices(first, second, y)):
            continue
        split = len(train)
        codes = np.unique(combined, return_inverse=True)[1]
        gain = lookup_gain(codes[:split], train, codes[split:], test, is_class)
        alone = max(lookup_gain(one.train_codes, train, one.test_codes, test, is_class) for one in (first, second)) if halved else 0.0
        if gain >= NEAR and alone < NEAR:
            return [
                Finding(
                    f"{first.name!r} and {second.name!r} together determine {target!r}: withhold one of them.",
                    (f"equal pairs always have equal targets; chance 1e-{evidence:.0f}; " if pure else "") + f"a lookup removes {gain:.1%} of the error",
                    repair=drop(first.name, second.name),
                )
            ]
    return []


def _halves(feature: Feature) -> Feature:
    """The number as a flag: whether it lies above its median."""
    middle = np.nanmedian(feature.values)
    left, right = ((side > middle).astype(int) for side in (feature.train_values, feature.test_values))
    return replace(feature, train_codes=left, test_codes=right, distinct=2)


def _one_suffices(first: Feature, second: Feature, y: np.ndarray) -> bool:
    return constancy_evidence(first.codes, y)[0] or constancy_evidence(second.codes, y)[0]
