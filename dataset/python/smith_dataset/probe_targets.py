"""What is probed: the columns that could be targets, the columns they are told from, and the rows that are looked at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .columns import Column
from .features import usable
from .outcomes import likely_outcome

MAX_ROWS = 2000
MAX_COLUMNS = 60
MAX_TARGETS = 20
MAX_CLASSES = 20

REGRESSION = "R² out of fold: 0 the mean, 1 perfect"
LOGARITHM = "R² of log(1 + value) out of fold: 0 the mean, 1 perfect"
CLASSIFICATION = "balanced accuracy out of fold, rescaled: 0 chance, 1 perfect"


@dataclass
class Target:
    """A column made ready to be predicted: values, or codes of at most `MAX_CLASSES` frequent classes."""

    column: Column
    classes: int
    values: np.ndarray
    # Positions in the sample whose target is known (and of a frequent class).
    rows: np.ndarray
    measure: str


def make_target(column: Column, sample: np.ndarray) -> Target | None:
    """The target on the sampled rows, or None where it cannot be one."""
    codes = column.codes[sample]
    if column.type in ("integer", "number") and not (column.distinct <= 2 or column.labels and column.distinct <= 10):
        assert column.numbers is not None
        values = column.numbers[sample]
        rows = np.flatnonzero(np.isfinite(values))
        if len(rows) < 60 or len(np.unique(values[rows])) < 3:
            return None
        known = values[rows]
        deviation = known.std()
        skew = float(np.mean(((known - known.mean()) / deviation) ** 3)) if deviation > 0 else 0.0
        if skew > 2.5 and known.min() >= 0:
            return Target(column, 0, np.log1p(values), rows, LOGARITHM)
        return Target(column, 0, values, rows, REGRESSION)
    counts = np.bincount(codes[codes >= 0], minlength=column.distinct)
    frequent = [int(code) for code in np.argsort(-counts, kind="stable") if counts[code] >= 5][:MAX_CLASSES]
    if len(frequent) < 2:
        return None
    lookup = np.full(column.distinct + 1, -1)
    lookup[frequent] = np.arange(len(frequent))
    labels = lookup[codes]
    rows = np.flatnonzero(labels >= 0)
    if len(rows) < 60 or len(rows) < 0.1 * max(1, int(counts.sum())):
        return None
    measure = CLASSIFICATION if len(frequent) == np.sum(counts > 0) else f"{CLASSIFICATION}; the {len(frequent)} most frequent classes"
    return Target(column, len(frequent), labels, rows, measure)


def could_be_target(column: Column) -> bool:
    """Whether the column could conceivably be asked for."""
    if column.type in ("constant", "empty", "path", "text", "list", "datetime"):
        return False
    if column.flags & {"row_number", "weight", "json_like"} or {"unique", "identifier"} <= column.flags:
        return False
    if column.type == "string":
        return False
    if column.type == "category":
        return column.filled / column.distinct >= 5 or column.distinct <= 20
    return True


def choose_targets(columns: list[Column]) -> list[Column]:
    """At most `MAX_TARGETS` candidates: likely outcomes first, then documented, last and first columns."""
    candidates = [column for column in columns if could_be_target(column)]
    if len(candidates) <= MAX_TARGETS:
        return candidates
    place = {column.name: position for position, column in enumerate(candidates)}
    last = len(candidates) - 1

    def rank(column: Column) -> tuple[float, int]:
        position = place[column.name]
        score = 2.0 * likely_outcome(column)
        score += 1.5 if position == last else 0.7 if position >= last - 2 else 0.5 if position <= 1 else 0.0
        score += 0.5 if column.description else 0.0
        score -= 1.0 if column.missing > 0.5 else 0.0
        score -= 1.0 if column.flags & {"identifier", "time_like", "place_like", "group_like"} else 0.0
        return (-score, position)

    chosen = {column.name for column in sorted(candidates, key=rank)[:MAX_TARGETS]}
    return [column for column in candidates if column.name in chosen]


def choose_features(columns: list[Column], sample: np.ndarray, targets: list[Column]) -> list[Column]:
    """At most `MAX_COLUMNS` columns; in a wider table those that go best with the likely targets."""
    candidates = [column for column in columns if usable(column)]
    if len(candidates) <= MAX_COLUMNS:
        return candidates
    wanted = [column for column in targets if column.codes.size][:5]
    scores = np.zeros(len(candidates))
    goals = []
    for column in wanted:
        if column.numbers is not None:
            goals.append(_standard(column.numbers[sample]))
        else:
            for code in np.argsort(-column.counts, kind="stable")[:10]:
                goals.append(_standard((column.codes[sample] == code).astype(float)))
    for position, column in enumerate(candidates):
        values = column.numbers[sample] if column.numbers is not None else column.codes[sample].astype(float)
        standard = _standard(values)
        scores[position] = max((abs(float(standard @ goal)) for goal in goals), default=float(np.std(standard)))
    keep = {int(position) for position in np.argsort(-scores, kind="stable")[:MAX_COLUMNS]}
    return [column for position, column in enumerate(candidates) if position in keep]


def _standard(values: np.ndarray) -> np.ndarray:
    known = np.isfinite(values)
    if not known.any():
        return np.zeros(len(values))
    filled = np.where(known, values, values[known].mean())
    deviation = filled.std()
    return (filled - filled.mean()) / deviation if deviation > 0 else np.zeros(len(values))


def sample_rows(rows: int, ordered: bool) -> np.ndarray:
    """At most `MAX_ROWS` positions in file order, drawn with a fixed seed; evenly spaced when time matters."""
    if rows <= MAX_ROWS:
        return np.arange(rows)
    if ordered:
        return np.unique(np.linspace(0, rows - 1, MAX_ROWS).astype(int))
    return np.sort(np.random.default_rng(20).choice(rows, MAX_ROWS, replace=False))


def folds_of(target: Target, ordered: bool) -> list[tuple[np.ndarray, np.ndarray]]:
    """Pairs of train and test positions: later after earlier for ordered rows, else shuffled (by class)."""
    rows = target.rows
    if ordered:
        cuts = [int(len(rows) * share) for share in (0.5, 0.75, 1.0)]
        return [(rows[: cuts[0]], rows[cuts[0] : cuts[1]]), (rows[: cuts[1]], rows[cuts[1] : cuts[2]])]
    number = 3 if len(rows) < 1000 else 2
    shuffled = np.random.default_rng(7).permutation(rows)
    if target.classes:
        shuffled = shuffled[np.argsort(target.values[shuffled], kind="stable")]
    part = np.arange(len(shuffled)) % number
    return [(np.sort(shuffled[part != fold]), np.sort(shuffled[part == fold])) for fold in range(number)]
