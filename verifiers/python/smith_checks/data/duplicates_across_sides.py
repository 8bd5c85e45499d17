"""Rows of the test that also stand in train, more or less, with their answers."""

from __future__ import annotations

from difflib import SequenceMatcher

import numpy as np
import pandas as pd

from smith_checks.check import Check, Finding, Outcome, skip
from smith_checks.columns import Feature, spread, table_of
from smith_checks.package import Package
from smith_checks.repeated_ratings import repeated_ratings

CHECK = Check(
    id="duplicates-across-sides",
    title="Test rows have (near-)copies in train from which the answer can be copied",
    severity="fatal",
    blame="refactor",
    why="Copies turn prediction into lookup. Rows of few-valued surveys are equal by nature, and then copying gains nothing "
    "over the nearest rows that are not equal.",
    threshold="copying from the copy is right more often than copying from the next neighbours, at z of 4, and this moves at "
    "least 2 percent of the test rows; long texts and molecules (counter-ions, charges and stereo marks apart) need no neighbours: 2 percent "
    "of the test with an equal one; ratings have no "
    "neighbours: more rows equal in every known cell than independent columns would bring, at z of 4, and answers equal as often",
    origin="z of 4 comes by chance 3 times in 100,000; 2 percent is the standard error of a share on a test of 600 rows (the root of "
    "0.25 / 600): what moves less is lost in the noise of usual tests",
)

CLOSE, Z, LEAST_SHARE, NEIGHBOURS = 0.05, 4.0, 0.02, 6
# Equal rows per test row that independent columns would bring; above it, equality says nothing.
NATURAL = 1e-3
MOST_TEST, MOST_TRAIN, MOST_COLUMNS, DIRECTIONS = 800, 6000, 60, 8
# Forms of letters and advertisements are alike by nature; a tenth of the test is more than that.
SHARED_WORDS, LEAST_EDITED = 0.75, 0.1


def run(package: Package) -> Outcome:
    if package.objective == "rating_prediction":
        return repeated_ratings(package)
    if package.objective in {"forecasting", "ranking"}:
        return skip("rows are not independent descriptions here")
    if not package.features:
        return skip("there are no columns to compare; files are compared elsewhere")
    table = table_of(package)
    outcome = Outcome(measured={})
    outcome.findings += _molecules(package, outcome) or _texts(package, outcome)
    columns = [feature for feature in table.features if feature.distinct > 1][:MOST_COLUMNS]
    train_rows, test_rows = spread(len(table.train), MOST_TRAIN), spread(len(table.test), MOST_TEST)
    if len(train_rows) < 50 or not columns or outcome.findings:
        return outcome
    left, right = _coordinates(columns, train_rows, test_rows)
    distance, neighbour = _nearest(left, right)
    first, later = distance[:, 0], distance[:, -1]
    # A copy lies much nearer than the neighbours of the neighbourhood; where these are equal too, nothing stands out.
    copied = (later > 0) & (first <= CLOSE * later)
    expected = _expected_matches(columns, len(train_rows))
    if expected > NATURAL:
        # Few values: equal rows are what chance brings.
        copied &= first > 0
    outcome.measured["equal rows expected by chance"] = expected
    outcome.measured |= {"compared": len(test_rows), "equal": int((first == 0).sum()), "copies": int(copied.sum())}
    for _, is_class, train, test in list(table.targets(package))[:3]:
        y, truth = train[train_rows], test[test_rows]
        usable = copied & ~np.isnan(truth) & ~np.isnan(y[neighbour[:, 0]])
        if usable.sum() < 5:
            continue
        own, others = _errors(y, truth, neighbour, distance, usable, is_class)
        gain = others - own
        z = gain.mean() / (gain.std() / np.sqrt(len(gain)) + 1e-12) if gain.std() > 0 else (np.inf if gain.mean() > 0 else 0.0)
        moved = float(usable.mean() * gain.mean() / max(_scale(truth, is_class), 1e-12))
        outcome.measured |= {"gain of copying": float(gain.mean()), "z": float(min(z, 1e6)), "moved": moved}
        if z > Z and moved > LEAST_SHARE:
            outcome.findings.append(
                Finding(
                    "Remove duplicates before the split, or keep copies of one thing on one side.",
                    f"{int(copied.sum())} of {len(test_rows)} test rows compared have a near-copy in train; copying its answer "
                    f"errs {own.mean():.3g} against {others.mean():.3g} for the next neighbours",
                    repair={"kind": "deduplicate"},
                )
            )
            break
    return outcome


def _molecules(package: Package, outcome: Outcome) -> list[Finding]:
    """Equal molecules on both sides: salts and mirror images behave alike in most assays."""
    for name in package.features:
        if package.manifest["modality"] != "molecules" or "smiles" not in name.lower():
            continue
        left, right = (_skeletons(side[name]) for side in (package.train, package.test))
        found = right.isin(set(left))
        outcome.measured[f"equal molecules of {name}"] = int(found.sum())
        if found.mean() > LEAST_SHARE and found.sum() >= 5:
            return [
                Finding(
                    f"Keep salts and stereoisomers of one molecule of {name!r} on one side.",
                    f"{int(found.sum())} of {len(found)} test molecules stand in train, counter-ions, charges and stereo marks apart",
                    repair={"kind": "group_split", "columns": [name]},
                )
            ]
    return []


def _skeletons(smiles: pd.Series) -> pd.Series:
    largest = smiles.astype("str").map(lambda text: max(text.split("."), key=len))
    return largest.str.replace(r"[@/\\]", "", regex=True).str.replace(r"\[([A-Za-z][a-z]?)H?\d*[+-]*\d*\]", r"\1", regex=True)


def _texts(package: Package, outcome: Outcome) -> list[Finding]:
    """Equal long texts on both sides."""
    for name in package.features:
        if pd.api.types.is_numeric_dtype(package.train[name]):
            continue
        left, right = (side[name].astype("str").fillna("").str.strip() for side in (package.train, package.test))
        lengths = left.str.len()
        if lengths.median() < 30 or left.nunique() < 0.5 * len(left):
            continue
        # Case, spacing and punctuation make no other text.
        left, right = (side.str.lower().str.replace(r"[\W_]+", " ", regex=True).str.strip() for side in (left, right))
        found = right.isin(set(left[lengths >= 30])) & (right.str.len() >= 25)
        outcome.measured[f"equal texts of {name}"] = int(found.sum())
        if found.mean() > LEAST_SHARE and found.sum() >= 5:
            return [
                Finding(
                    f"Remove duplicate texts of {name!r} before the split.",
                    f"{int(found.sum())} of {len(found)} test texts of 30 characters or more stand in train word for word",
                    repair={"kind": "deduplicate"},
                )
            ]
        edited = _edited(left, right)
        outcome.measured[f"edited texts of {name}"] = edited
        if edited > LEAST_EDITED:
            return [
                Finding(
                    f"Keep texts of {name!r} that differ in a few words on one side.",
                    f"{edited:.0%} of the test texts share {SHARED_WORDS:.0%} of their words, in order, with a text of train",
                    repair={"kind": "deduplicate"},
                )
            ]
    return []


def _edited(left: pd.Series, right: pd.Series) -> float:
    """Share of the test texts that are a train text but for a few words; texts of a dozen words and more."""
    rows = [[text.split()[:80] for text in side.iloc[spread(len(side), most)]] for side, most in ((left, MOST_TRAIN), (right, MOST_TEST))]
    index: dict[tuple[str, str], list[int]] = {}
    for row, words in enumerate(rows[0]):
        for pair in set(zip(words, words[1:], strict=False)):
            index.setdefault(pair, []).append(row)
    copies = asked = 0
    for words in rows[1]:
        if len(words) < 10:
            continue
        asked += 1
        pairs = set(zip(words, words[1:], strict=False))
        counts: dict[int, int] = {}
        for pair in pairs:
            found = index.get(pair, ())
            for row in found if len(found) <= 30 else ():
                counts[row] = counts.get(row, 0) + 1
        for row in sorted(counts, key=lambda row: -counts[row])[:3]:
            other = rows[0][row]
            if SequenceMatcher(None, words, other, autojunk=False).ratio() >= SHARED_WORDS:
                copies += 1
                break
    return copies / asked if asked >= 20 else 0.0


def _expected_matches(columns: list[Feature], rows: int) -> float:
    """Train rows equal to a given test row, if columns were independent: an underestimate for related columns."""
    logs = [np.log(max(float(((np.bincount(feature.train_codes) / len(feature.train_codes)) ** 2).sum()), 1e-12)) for feature in columns]
    return float(np.exp(np.log(rows) + sum(logs)))


def _coordinates(columns: list[Feature], train_rows: np.ndarray, test_rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Numbers as ranks between 0 and 1, categories as far apart as half the range.

    A number that is missing in the test is NaN: a cell that was emptied there hides no copy.
    """
    sides: tuple[list[np.ndarray], list[np.ndarray]] = ([], [])
    for feature in columns:
        if feature.numeric:
            known = np.sort(feature.train_values[~np.isnan(feature.train_values)])
            both = zip(sides, (feature.train_values, feature.test_values), (train_rows, test_rows), (-0.5, np.nan), strict=True)
            for side, values, rows, absent in both:
                place = np.interp(values[rows], known, np.linspace(0, 1, len(known))) if len(known) else np.zeros(len(rows))
                side.append(np.where(np.isnan(values[rows]), absent, place))
            continue
        levels = np.argsort(-np.bincount(feature.codes))[:30]
        for level in levels if len(levels) > 2 else levels[:1]:
            for side, codes, rows in zip(sides, (feature.train_codes, feature.test_codes), (train_rows, test_rows), strict=True):
                side.append(np.where(codes[rows] == level, 0.5, 0.0))
        if feature.distinct > 30:
            # Each value beyond the most frequent has a random direction: unequal ones are as far apart as levels are, or nearly.
            places = np.random.default_rng(7).normal(size=(feature.distinct + 1, DIRECTIONS))
            places *= 0.5 / np.linalg.norm(places, axis=1, keepdims=True)
            places[levels] = 0.0
            for side, codes, rows in zip(sides, (feature.train_codes, feature.test_codes), (train_rows, test_rows), strict=True):
                side.extend(places[codes[rows]].T)
    return np.column_stack(sides[0]), np.column_stack(sides[1])


def _nearest(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distances and positions of the nearest train rows of each test row, nearest first."""
    count = min(NEIGHBOURS, len(left))
    distances, positions = [], []
    own = (left**2).sum(axis=1)
    for part in np.array_split(right, max(1, len(right) * len(left) // 2_000_000)):
        there = (~np.isnan(part)).astype(float)
        known = np.nan_to_num(part)
        squares = own[None, :] if there.all() else there @ (left**2).T
        squared = np.maximum((known**2).sum(axis=1)[:, None] + squares - 2 * known @ left.T, 0)
        near = np.argpartition(squared, count - 1, axis=1)[:, :count]
        # The product rounds: distances of the few that matter are taken again from their differences.
        exact = (there[:, None, :] * (known[:, None, :] - left[near]) ** 2).sum(axis=2)
        order = np.argsort(exact, axis=1, kind="stable")
        positions.append(np.take_along_axis(near, order, axis=1))
        distances.append(np.sqrt(np.take_along_axis(exact, order, axis=1)))
    return np.vstack(distances), np.vstack(positions)


def _errors(y: np.ndarray, truth: np.ndarray, neighbour: np.ndarray, distance: np.ndarray, rows: np.ndarray, is_class: bool) -> tuple[np.ndarray, np.ndarray]:
    """Error of copying the nearest row, and mean error of copying those that are not copies."""
    answers = y[neighbour[rows]]
    wanted = truth[rows][:, None]
    wrong = (answers != wanted).astype(float) if is_class else np.abs(answers - wanted)
    apart = distance[rows] > CLOSE * distance[rows][:, -1:]
    weight = np.where(apart & ~np.isnan(wrong), 1.0, 0.0)
    return wrong[:, 0], (np.nan_to_num(wrong) * weight).sum(axis=1) / np.maximum(weight.sum(axis=1), 1.0)


def _scale(truth: np.ndarray, is_class: bool) -> float:
    """Error of a constant."""
    known = truth[~np.isnan(truth)]
    if is_class:
        return 1.0 - float(np.bincount(known.astype(int)).max() / len(known))
    return float(np.abs(known - np.median(known)).mean())
