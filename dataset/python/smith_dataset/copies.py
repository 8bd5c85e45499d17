"""Columns that say the same as another: scaled, negated, in logarithms, binned, or encoded."""

from __future__ import annotations

import numpy as np

from .columns import Column

_EXACT = 0.9999
_RANKED = 400


class Copies:
    """Finds copies of a target among columns: first judged on the sample, then on all rows."""

    def __init__(self, columns: list[Column], sample: np.ndarray) -> None:
        self._columns = columns
        self._sample = sample
        few = sample[:: max(1, len(sample) // _RANKED)]
        self._ranks = {column.name: ranks for column in columns if (ranks := _ranks(column, few)) is not None}

    def of(self, target: Column) -> list[str]:
        """Names of the copies, in the order of the columns."""
        found = []
        whole = np.arange(target.rows)
        for column in self._columns:
            if column.name == target.name or column.distinct < 2:
                continue
            related = self._related(target, column)
            if _is_copy(target, column, self._sample, related) and (len(self._sample) == target.rows or _is_copy(target, column, whole, related)):
                found.append(column.name)
        return found

    def _related(self, target: Column, column: Column) -> bool:
        """False where ranks on some rows show that one is no monotone function of the other."""
        left, right = self._ranks.get(target.name), self._ranks.get(column.name)
        return left is None or right is None or abs(float(left @ right)) >= 0.4


def _ranks(column: Column, rows: np.ndarray) -> np.ndarray | None:
    """Ranks of length 1, ties sharing theirs; None for columns with gaps or few values."""
    if column.numbers is None or column.missing > 0.02 or column.distinct < 5:
        return None
    values = column.numbers[rows]
    values = np.where(np.isfinite(values), values, np.nanmedian(values) if np.isfinite(values).any() else 0.0)
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    ranks = ranks - ranks.mean()
    length = float(np.linalg.norm(ranks))
    return ranks / length if length > 0 else None


def _is_copy(target: Column, column: Column, rows: np.ndarray, related: bool) -> bool:
    whole = target.missing == 0 and column.missing == 0
    if whole and not related and target.distinct > 30 and column.distinct > 30 and target.distinct != column.distinct:
        return False
    left, right = target.codes[rows], column.codes[rows]
    both = (left >= 0) & (right >= 0)
    count = int(both.sum())
    if count < 30 or count < 0.3 * int((left >= 0).sum()):
        return False
    if not (whole and len(rows) == target.rows and target.distinct != column.distinct) and _one_to_one(left[both], right[both], count):
        return True
    a = target.numbers[rows][both] if target.numbers is not None else None
    b = column.numbers[rows][both] if column.numbers is not None else None
    if related and a is not None and b is not None and _monotone_numbers(a, b, column):
        return True
    if b is not None and target.distinct <= 30 and column.distinct > target.distinct:
        return "time_like" not in column.flags and "sorted" not in column.flags and _separated(b, left[both])
    if a is not None and column.distinct <= 30 and target.distinct > column.distinct:
        return _separated(a, right[both])
    return False


def _one_to_one(left: np.ndarray, right: np.ndarray, count: int) -> bool:
    """Each value of one goes with one value of the other, and values come back often enough to tell."""
    sizes = np.bincount(left)
    kinds = int((sizes > 0).sum())
    if kinds < 2 or kinds > count / 2 or len(np.unique(right)) != kinds:
        return False
    pairs = left.astype(np.int64) * (int(right.max()) + 1) + right
    if len(np.unique(pairs)) != kinds:
        return False
    # How many rows would break the mapping by chance.
    return count - float((sizes / count) @ sizes) >= 10


def _monotone_numbers(a: np.ndarray, b: np.ndarray, column: Column) -> bool:
    finite = np.isfinite(a) & np.isfinite(b)
    a, b = _beyond_the_usual(a[finite], b[finite])
    if len(a) < 30 or len(np.unique(a[:2000])) < 5 or len(np.unique(b[:2000])) < 5:
        return False
    candidates = [(a, b)]
    if a.min() > 0 and b.min() > 0:
        candidates += [(np.log(a), np.log(b)), (np.log(a), b), (a, np.log(b))]
    # A trend in time makes two quantities go together; only an exact line is a copy then.
    bound = 0.9999999 if "time_like" in column.flags or "sorted" in column.flags else _EXACT
    for x, y in candidates:
        dx, dy = x.std(), y.std()
        if dx > 0 and dy > 0 and abs(float(np.mean((x - x.mean()) * (y - y.mean()))) / (dx * dy)) >= bound:
            return True
    if bound > _EXACT:
        return False
    order = np.lexsort((b, a))
    return _weakly_monotone(a[order], b[order]) or _weakly_monotone(a[order], -b[np.lexsort((-b, a))])


def _beyond_the_usual(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Without the rows in which both have their most frequent value: two mostly zero columns are no copies."""
    usual = (a == _mode(a)) & (b == _mode(b))
    return (a[~usual], b[~usual]) if usual.mean() > 0.2 else (a, b)


def _mode(values: np.ndarray) -> float:
    distinct, counts = np.unique(values, return_counts=True)
    return float(distinct[np.argmax(counts)]) if len(distinct) else np.nan


def _weakly_monotone(a: np.ndarray, b: np.ndarray) -> bool:
    """`b` (sorted within equal `a`) never falls from one value of `a` to the next; both vary enough to tell."""
    starts = np.flatnonzero(np.append(True, a[1:] != a[:-1]))
    if len(starts) < 5:
        return False
    highest = np.maximum.reduceat(b, starts)
    lowest = np.minimum.reduceat(b, starts)
    return bool(np.all(highest[:-1] <= lowest[1:])) and len(np.unique(b)) >= 5


def _separated(numbers: np.ndarray, codes: np.ndarray) -> bool:
    """The levels' ranges of the number do not overlap: the levels are bins of it."""
    finite = np.isfinite(numbers)
    numbers, codes = numbers[finite], codes[finite]
    if len(numbers) < 30:
        return False
    order = np.argsort(codes, kind="stable")
    codes, numbers = codes[order], numbers[order]
    starts = np.flatnonzero(np.append(True, codes[1:] != codes[:-1]))
    if len(starts) < 2:
        return False
    sizes = np.diff(np.append(starts, len(codes)))
    # Two rows at the end of a range are separated by chance; a handful are not.
    if np.sort(sizes)[::-1][1] < 5 or int((sizes >= 5).sum()) < 2:
        return False
    lowest, highest = np.minimum.reduceat(numbers, starts), np.maximum.reduceat(numbers, starts)
    rank = np.argsort(lowest, kind="stable")
    return bool(np.all(highest[rank][:-1] < lowest[rank][1:]))
