"""One feature foretells the target almost completely."""

from __future__ import annotations

from smith_checks.check import Check, Finding, Outcome, drop
from smith_checks.columns import table_of
from smith_checks.package import Package
from smith_checks.statistics import lookup_gain, lookup_gain_significant

CHECK = Check(
    id="feature-nearly-determines-target",
    title="One feature alone nearly determines the target",
    severity="major",
    blame="designer",
    why="Such a column is a leak or makes the task trivial; a strong and legitimate feature is only reported.",
    threshold="alone it leaves less than a twentieth of a constant's error on the test (the ladder's least gain); "
    "from four fifths on it is reported",
)

NEAR, STRONG = 0.95, 0.8


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
            gains[feature.name] = max(gain, gains.get(feature.name, -1.0))
            if gain >= STRONG:
                near = gain >= NEAR
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
