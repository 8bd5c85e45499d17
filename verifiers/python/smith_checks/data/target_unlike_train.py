"""After a time split, the test's target is something that train never shows."""

from __future__ import annotations

import numpy as np

from smith_checks.check import Check, Finding, Outcome, skip
from smith_checks.package import Package

CHECK = Check(
    id="target-unlike-train",
    title="The target of later rows takes values that earlier rows never have",
    severity="major",
    blame="designer",
    why="A break in the world (a season without spectators, a change of definition) makes the score a matter of outside knowledge: "
    "a block of equal values that train never shows, or a level that lies beyond all of train.",
    threshold="no single value that train lacks in 2 percent or more of the test rows and more often than train's commonest value by three standard errors, the test's median inside train's range; of series, fewer than a quarter "
    "whose median moves further than the middle 80 percent of their last stretch are wide",
    origin="2 percent as for duplicates; the quarter of the series and the 80 percent are judgements, beyond which the score is "
    "decided by breaks that nothing before tells of",
)

LEAST_SHARE, MOST_MOVED = 0.02, 0.25


def run(package: Package) -> Outcome:
    if package.strategy != "time" or package.is_class:
        return skip("no number is asked for after a split by time")
    outcome = Outcome(measured={})
    for column in package.target_columns:
        train, test = column.train[~np.isnan(column.train)], column.test[~np.isnan(column.test)]
        if len(train) < 2 or len(test) < 2:
            continue
        values, counts = np.unique(test, return_counts=True)
        shares = np.where(np.isin(values, train), 0.0, counts / len(test))
        # A value that comes once is just another number, and rounded ones come as often as those of train do.
        shares[counts < np.maximum(3, _most_by_rounding(train, len(test)))] = 0.0
        worst = int(shares.argmax())
        median = float(np.median(test))
        outside = median < train.min() or median > train.max()
        outcome.measured[column.name] = {"greatest unseen share": float(shares[worst]), "test median": median, "train": [float(train.min()), float(train.max())]}
        if shares[worst] >= LEAST_SHARE:
            outcome.findings.append(
                Finding(
                    f"End the test before {column.name!r} breaks off from its past, or ask for something else.",
                    f"{shares[worst]:.1%} of the test rows are {values[worst]:g}, which train never shows",
                )
            )
        elif (moved := _moved_series(package)) is not None and moved[0] >= max(3, MOST_MOVED * moved[1]):
            outcome.findings.append(
                Finding(
                    f"Leave out the series whose {column.name!r} jumps at the cut, or cut elsewhere: nothing before tells of it.",
                    f"in {moved[0]} of {moved[1]} series the test's median is further from the last stretch of train than that is wide",
                )
            )
        elif outside:
            outcome.findings.append(
                Finding(
                    f"Ask for a change or a ratio of {column.name!r}: its level in the test lies beyond train.",
                    f"the test's median is {median:g}, train has {train.min():g} to {train.max():g}",
                )
            )
    return outcome


def _most_by_rounding(train: np.ndarray, rows: int) -> float:
    """How often, at three standard errors, a value of the test may come that is as common as train's commonest."""
    share = float(np.unique(train, return_counts=True)[1].max() / len(train))
    return rows * share + 3 * np.sqrt(rows * share * (1 - share))


def _moved_series(package: Package) -> tuple[int, int] | None:
    """How many series to forecast have a test median further from their last stretch than that one's middle 80 percent are wide; and of how many."""
    series = [name for name in package.manifest["split"].get("series") or [] if name in package.train and name in package.test]
    if not series or len(package.targets) != 1 or package.objective != "forecasting":
        return None
    past = package.train.assign(y=package.target_columns[0].train)
    later = package.test.assign(y=package.target_columns[0].test)
    moved = total = 0
    stretches = dict(list(past.groupby(series, dropna=False)["y"]))
    for name, values in later.groupby(series, dropna=False)["y"]:
        last = stretches[name].dropna().tail(len(values)) if name in stretches else values.iloc[:0]
        if len(last) < 8:
            continue
        total += 1
        moved += bool(abs(values.median() - last.median()) > last.quantile(0.9) - last.quantile(0.1))
    return moved, total
