"""One feature foretells the target almost completely."""

from __future__ import annotations

import numpy as np

from smith_checks.check import Check, Finding, Outcome, drop
from smith_checks.columns import Feature, table_of
from smith_checks.package import Package
from smith_checks.statistics import lookup_gain, lookup_gain_significant

CHECK = Check(
    id="feature-nearly-determines-target",
    title="One feature alone nearly determines the target",
    severity="major",
    blame="designer",
    why="Such a column is a leak or makes the task trivial; a strong and legitimate feature is only reported.",
    threshold="alone it leaves less than a twentieth of a constant's error on the test (the ladder's least gain); errors in classes "
    "are counted, so a share that is within 1.96 standard errors of a twentieth cannot be told from it; from four fifths on it is reported",
    origin="where one feature leaves less than the twentieth that ladder-little-gain asks for, all other features together have "
    "nothing left to win",
)

NEAR, STRONG = 0.95, 0.8
# Squared differences of neighbours, of those in random order (von Neumann's ratio): a function has next to none.
FOLDED = 0.02


def run(package: Package) -> Outcome:
    table = table_of(package)
    gains: dict[str, float] = {}
    outcome = Outcome(measured={"strongest": {}})
    for target, is_class, train, test in table.targets(package):
        if not lookup_gain_significant(test, is_class):
            continue
        for feature in table.features:
            # Where time splits the rows, the name of a unit that goes on tells its level, as in any panel.
            if feature.distinct < 2 or (package.strategy == "time" and not feature.numeric):
                continue
            left, right = feature.lookup_codes()
            gain = lookup_gain(left, train, right, test, is_class)
            if gain < NEAR and not is_class and package.strategy != "time" and _is_function_of(feature, np.concatenate([train, test])):
                outcome.findings.append(
                    Finding(
                        f"Withhold {feature.name!r}: it is computed from {target!r}, if not one to one.",
                        f"sorted by {target!r}, its neighbouring values differ by less than {FOLDED:.0%} of what chance would give",
                        repair=drop(feature.name),
                    )
                )
            gains[feature.name] = max(gain, gains.get(feature.name, -1.0))
            if gain >= STRONG:
                near = gain + (_error(test, gain) if is_class else 0.0) >= NEAR
                outcome.findings.append(
                    Finding(
                        f"{'Withhold' if near else 'Consider whether solvers would have'} {feature.name!r} when they predict {target!r}.",
                        f"alone it removes {gain:.1%} of a constant's error on the test",
                        severity="major" if near else "minor",
                        repair=drop(feature.name) if near else None,
                    )
                )
    outcome.measured["strongest"] = dict(sorted(gains.items(), key=lambda entry: -entry[1])[:5])
    return outcome


def _error(test: np.ndarray, gain: float) -> float:
    """1.96 standard errors of the share of a constant's errors that is left, which are counted on the test."""
    codes = test[~np.isnan(test)].astype(int)
    constant = len(codes) - int(np.bincount(codes).max())
    return 1.96 * float(np.sqrt(max(1 - gain, 0.0) / max(constant, 1)))


def _is_function_of(feature: Feature, y: np.ndarray) -> bool:
    """Whether a number follows from the target, as a wave or a fold of it does: equal targets have equal values of it."""
    known = ~(np.isnan(feature.values) | np.isnan(y))
    values, y = feature.values[known], y[known]
    if not feature.numeric or feature.distinct <= 20 or len(y) < 100 or len(np.unique(y)) < len(y) / 4:
        return False
    ordered = values[np.argsort(y, kind="stable")]
    spread = float(((ordered - ordered.mean()) ** 2).sum())
    return spread > 0 and float((np.diff(ordered) ** 2).sum()) / (2 * spread) < FOLDED
