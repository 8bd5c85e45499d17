"""A feature is the target in another dress: equal, negated, scaled, on another scale, in bins."""

from __future__ import annotations

import numpy as np

from smith_checks.check import Check, Finding, Outcome, drop
from smith_checks.columns import Feature, table_of
from smith_checks.package import Package
from smith_checks.statistics import bins, constancy_evidence, rank_correlation, runs_evidence

CHECK = Check(
    id="target-copied-in-feature",
    title="A feature determines the target",
    severity="fatal",
    blame="designer",
    why="A copy of the target, or a deterministic transform of it, leaves nothing to predict.",
    threshold="holds on all rows, with a chance under permutation below 1e-6 divided by the columns tried",
    origin="one false alarm in a million packages, divided by the columns tried (Bonferroni)",
)

MINUS_LOG_P = 6.0


def run(package: Package) -> Outcome:
    table = table_of(package)
    outcome = Outcome(measured={"columns": len(table.names), "determining": []})
    limit = MINUS_LOG_P + np.log10(max(1, len(table.names)))
    for target, is_class, train, test in table.targets(package):
        for side, y, pick in (("on all rows", np.concatenate([train, test]), "all"), ("on the test rows", test, "test")):
            for feature in table.features:
                if feature.distinct < 2 or any(entry[0] == feature.name for entry in outcome.measured["determining"]):
                    continue
                how = _how(feature, pick, y, is_class, limit)
                if how is not None:
                    outcome.measured["determining"].append([feature.name, how])
                    outcome.findings.append(
                        Finding(f"Withhold {feature.name!r}: it gives {target!r} away.", f"{feature.name!r} {how} {side} ({len(y)})", repair=drop(feature.name))
                    )
    return outcome


def _how(feature: Feature, pick: str, y: np.ndarray, is_class: bool, limit: float) -> str | None:
    values = feature.values if pick == "all" else feature.test_values
    codes = feature.codes if pick == "all" else feature.test_codes
    known = ~feature.missing[pick]
    if 40 <= known.sum() < 0.9 * len(y):
        # A copy with holes: where there is a value, it is the answer.
        if is_class:
            pure, evidence = constancy_evidence(codes[known], y[known])
            several = np.bincount(y[known & ~np.isnan(y)].astype(int)).astype(float)
            if pure and evidence > limit and several.max() < 0.9 * several.sum() and _covers(codes[known]):
                return "maps to one class each value, where it has one,"
        elif feature.numeric and _monotone(values[known], y[known]):
            return "orders the rows exactly as the target does, where it has a value,"
    if is_class:
        pure, evidence = constancy_evidence(codes, y)
        if pure and evidence > limit and _covers(codes) and _shared(feature):
            return "maps to one class each value"
        if feature.numeric and len(np.unique(y[~np.isnan(y)])) > 1:
            runs, evidence = runs_evidence(values, y)
            if runs == len(np.unique(y[~np.isnan(y)])) and evidence > limit:
                return "separates the classes by thresholds without exception"
        return None
    pure, evidence = constancy_evidence(codes, y)
    if pure and evidence > limit and _covers(codes) and _shared(feature):
        return "maps to one value each"
    if feature.numeric and _monotone(values, y):
        return "orders the rows exactly as the target does"
    return None


def _covers(codes: np.ndarray) -> bool:
    """Most rows share their value with another, so that the map can be learned."""
    sizes = np.bincount(codes)
    return bool(sizes[sizes > 1].sum() > 0.9 * len(codes))


def _shared(feature: Feature) -> bool:
    """Values of the test rows are known from training: where whole groups are held out, a group's own names are not."""
    return bool(np.isin(feature.test_codes, feature.train_codes).mean() > 0.1)


def _monotone(values: np.ndarray, y: np.ndarray) -> bool:
    known = ~(np.isnan(values) | np.isnan(y))
    values, y = values[known], y[known]
    distinct = len(np.unique(values))
    # A few missing cells do not hide a copy; a handful of levels is not one.
    if known.mean() < 0.9 or distinct < 5 or len(np.unique(y)) < 5:
        return False
    correlation = rank_correlation(values, y)
    if distinct > 0.5 * len(np.unique(y)):
        return abs(correlation) > 1 - 1e-6
    # Bins of the target: the ranges of the target that belong to two values of the feature do not overlap.
    return abs(correlation) > 0.9 and _disjoint(values * np.sign(correlation), y)


def _disjoint(values: np.ndarray, y: np.ndarray) -> bool:
    order = np.lexsort((y, values))
    return bool((np.diff(y[order]) >= 0).all()) and len(np.unique(bins(values, 50))) >= 5
