"""A split by time whose test does not lie after its train."""

from __future__ import annotations

import numpy as np
import pandas as pd
from smith_task.prepare.values import as_time

from smith_checks.check import Check, Finding, Outcome, skip
from smith_checks.package import Package

CHECK = Check(
    id="time-order-broken",
    title="Test rows do not come after the train rows",
    severity="fatal",
    blame="refactor",
    why="Between two known days the value in the middle is interpolation, not prediction.",
    threshold="the earliest test time is not before the latest train time (of the same series)",
)


def run(package: Package) -> Outcome:
    split = package.manifest["split"]
    name = split["time"]
    if split["strategy"] != "time" or name is None:
        return skip("the split is not by time")
    if name not in package.train or name not in package.test:
        return Outcome(findings=[Finding(f"Give both tables the time column {name!r}.", "it is missing")])
    left, right = times_of(package.train[name], package.test[name])
    series = [column for column in split["series"] if column in package.train and column in package.test]
    outcome = Outcome(measured={"series": len(series)})
    if np.isnan(left).any() or np.isnan(right).any():
        outcome.findings.append(Finding(f"Every row needs a time in {name!r}.", "some cannot be read as times or numbers"))
        return outcome
    if series:
        keys = [side[series].astype("str").agg("\x1f".join, axis=1) for side in (package.train, package.test)]
        last = pd.Series(left).groupby(keys[0].to_numpy()).max()
        latest = keys[1].map(last).to_numpy(dtype=float, na_value=-np.inf)
    else:
        latest = np.full(len(right), left.max())
    early = int((right < latest).sum())
    equal = int((right == latest).sum()) if not series else 0
    outcome.measured |= {"early": early, "at the boundary": equal}
    if early:
        outcome.findings.append(
            Finding("Put the latest rows into the test and all earlier ones into train.", f"{early} of {len(right)} test rows lie before train rows")
        )
    return outcome


def times_of(train: pd.Series, test: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Both sides as numbers that order them: numbers as they are, texts as dates; NaN where neither."""
    if all(pd.api.types.is_numeric_dtype(side) for side in (train, test)):
        return tuple(side.to_numpy(dtype=float, na_value=np.nan) for side in (train, test))
    both = pd.concat([train, test], ignore_index=True)
    try:
        # Read together, and as the generated program reads them: 03-04-2020 is the same day on both sides.
        times = as_time(both)
    except ValueError:
        times = pd.to_datetime(both.astype("str"), errors="coerce", utc=True, format="mixed").dt.tz_localize(None)
    if pd.api.types.is_datetime64_any_dtype(times):
        # Years far from 1970 would overflow nanoseconds; seconds do not.
        times = (times - pd.Timestamp(0)) / pd.Timedelta(seconds=1)
    numbers = times.to_numpy(dtype=float, na_value=np.nan)
    return numbers[: len(train)], numbers[len(train) :]
