"""Columns that a column is a function of: one or two whose values decide it, or a sum or product of some."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from .columns import Column

MAX_PAIRED = 14
_IDENTITY = 0.99999


class Dependencies:
    """Finds what determines a target; first on sampled rows, then confirmed on all."""

    def __init__(self, columns: list[Column], sample: np.ndarray) -> None:
        self._columns = {column.name: column for column in columns}
        self._sample = sample
        self._singles = [column for column in columns if 2 <= column.distinct <= column.rows / 2]
        paired = sorted((column for column in self._singles if column.distinct <= column.rows / 3), key=lambda column: column.distinct)
        self._pairs = list(combinations([column.name for column in paired[:MAX_PAIRED]], 2))
        self._keys: dict[tuple[str, ...], np.ndarray] = {}
        self._orders: dict[tuple[str, ...], np.ndarray] = {}
        self._linear = Identities(columns, sample)

    def determining(self, target: Column, copies: set[str]) -> list[list[str]]:
        """Sets of columns that decide the target; those already found by fewer columns are left out."""
        found: list[list[str]] = []
        for column in self._singles:
            if column.name not in copies and column.name != target.name and self._decides((column.name,), target):
                found.append([column.name])
        known = {names[0] for names in found} | copies | {target.name}
        for pair in self._pairs:
            if not known & set(pair) and self._decides(pair, target):
                found.append(list(pair))
        identity = self._linear.identity(target, copies)
        if identity and not any(set(names) <= set(identity) for names in found):
            found.append(identity)
        return found[:8]

    def _key(self, names: tuple[str, ...], rows: np.ndarray) -> np.ndarray:
        key = self._columns[names[0]].codes[rows].astype(np.int64) + 1
        for name in names[1:]:
            column = self._columns[name]
            key = key * (column.distinct + 1) + column.codes[rows] + 1
        return key

    def _decides(self, names: tuple[str, ...], target: Column) -> bool:
        if names not in self._keys:
            key = self._key(names, self._sample)
            order = np.argsort(key, kind="stable")
            self._keys[names], self._orders[names] = key[order], order
        if not _constant_within(self._keys[names], target.codes[self._sample][self._orders[names]]):
            return False
        if len(self._sample) == target.rows:
            return True
        key = self._key(names, np.arange(target.rows))
        order = np.argsort(key, kind="stable")
        return _constant_within(key[order], target.codes[order])


def _constant_within(key: np.ndarray, codes: np.ndarray) -> bool:
    """The codes do not change within runs of one key, in more runs than chance would allow."""
    known = codes >= 0
    key, codes = key[known], codes[known]
    same = key[1:] == key[:-1]
    if np.any(same & (codes[1:] != codes[:-1])):
        return False
    shares = np.bincount(codes) / max(1, len(codes))
    expected = float(same.sum()) * (1 - float(shares @ shares))
    if expected < 10 or int(same.sum()) < 0.2 * len(codes):
        return False
    # The rarer values must come back too, or a mostly constant column is "decided" by anything.
    rarer = codes != int(np.argmax(shares))
    return int((same & rarer[1:]).sum()) >= max(5, 0.3 * int(rarer.sum()))


class Identities:
    """Sums and products: a target that is a linear function of others, in values or in logarithms."""

    def __init__(self, columns: list[Column], sample: np.ndarray) -> None:
        numeric = [column for column in columns if column.numbers is not None and column.type != "datetime"]
        self._values = {column.name: column.numbers[sample] for column in numeric if column.missing < 0.2}  # type: ignore[index]
        self._names = list(self._values)

    def identity(self, target: Column, copies: set[str]) -> list[str] | None:
        """At most 6 columns whose sum or product (with factors) gives the target to 5 digits."""
        if target.numbers is None or target.type == "datetime" or target.name not in self._values:
            return None
        names = [name for name in self._names if name not in copies and name != target.name]
        truth = self._values[target.name]
        for logarithms in (False, True):
            members = self._solve(truth, names, logarithms)
            if members:
                return members
        return None

    def _solve(self, truth: np.ndarray, names: list[str], logarithms: bool) -> list[str] | None:
        if logarithms:
            names = [name for name in names if np.nanmin(self._values[name]) > 0]
            if len(names) < 2 or np.nanmin(truth) <= 0 or len(np.unique(truth[:500])) < 5:
                return None
        if len(names) < 2:
            return None
        matrix = np.column_stack([self._values[name] for name in names])
        complete = np.isfinite(truth) & np.all(np.isfinite(matrix), axis=1)
        if int(complete.sum()) < max(50, 3 * len(names)):
            whole = [index for index in range(len(names)) if np.mean(np.isfinite(matrix[:, index])) > 0.99]
            names = [names[index] for index in whole]
            if len(names) < 2:
                return None
            matrix = matrix[:, whole]
            complete = np.isfinite(truth) & np.all(np.isfinite(matrix), axis=1)
            if int(complete.sum()) < max(50, 3 * len(names)):
                return None
        x, y = matrix[complete], truth[complete]
        if logarithms:
            x, y = np.log(x), np.log(y)
        x = x - x.mean(axis=0)
        spread = x.std(axis=0)
        varying = spread > 1e-9
        x, names = x[:, varying] / spread[varying], [name for name, keep in zip(names, varying) if keep]
        y = y - y.mean()
        deviation = y.std()
        if deviation <= 1e-12 or len(names) < 2:
            return None
        y = y / deviation
        gram, side = x.T @ x / len(y), x.T @ y / len(y)
        kept = list(range(len(names)))
        slopes, fit = _fit(gram, side, kept)
        if fit < _IDENTITY:
            return None
        # Backward: drop what adds least for as long as the identity holds.
        while len(kept) > 1:
            for index in np.argsort(np.abs(slopes), kind="stable"):
                fewer = kept[: int(index)] + kept[int(index) + 1 :]
                fewer_slopes, fewer_fit = _fit(gram, side, fewer)
                if fewer_fit >= _IDENTITY:
                    kept, slopes = fewer, fewer_slopes
                    break
            else:
                break
        return [names[index] for index in kept] if 2 <= len(kept) <= 6 else None


def _fit(gram: np.ndarray, side: np.ndarray, kept: list[int]) -> tuple[np.ndarray, float]:
    part = gram[np.ix_(kept, kept)] + 1e-9 * np.eye(len(kept))
    slopes = np.linalg.solve(part, side[kept])
    return slopes, float(2 * slopes @ side[kept] - slopes @ gram[np.ix_(kept, kept)] @ slopes)
