"""Columns as a matrix of features for probes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .columns import Column, texts_of

MAX_LEVELS = 40


@dataclass
class Features:
    """Numbers of shape (rows, columns) for the sampled rows; gaps are NaN in `matrix`."""

    matrix: np.ndarray
    # The view's column that each feature comes from.
    owners: list[str]
    categorical: list[bool]
    # Bin or level of each cell, 0 … bins−1; the last bin is for gaps.
    bins: np.ndarray
    bin_counts: list[int]

    def without(self, names: set[str]) -> list[int]:
        return [position for position, owner in enumerate(self.owners) if owner not in names]


def usable(column: Column) -> bool:
    """Whether a solver could learn from the column as it is."""
    if column.type in ("constant", "empty", "path"):
        return False
    if "row_number" in column.flags:
        return False
    if column.type == "string" and column.numbers is None and column.distinct > 0.5 * max(1, column.filled):
        return False
    return not ("unique" in column.flags and "identifier" in column.flags)


def build_features(columns: list[Column], rows: np.ndarray) -> Features:
    """One feature for each usable column; two (length and words) for texts."""
    blocks: list[np.ndarray] = []
    owners: list[str] = []
    categorical: list[bool] = []
    for column in columns:
        if not usable(column):
            continue
        codes = column.codes[rows]
        if column.type in ("text", "list"):
            texts = texts_of(column)
            for measure in (len, lambda text: text.count(" ") + text.count("|") + 1):
                values = np.append(np.array([float(measure(text)) for text in texts]), np.nan)[codes]
                blocks.append(values)
                owners.append(column.name)
                categorical.append(False)
            continue
        if column.numbers is not None:
            blocks.append(column.numbers[rows])
            owners.append(column.name)
            categorical.append(False)
            continue
        # Levels in order of frequency; rare ones share the last.
        order = np.argsort(-column.counts, kind="stable")
        rank = np.empty(len(order))
        rank[order] = np.minimum(np.arange(len(order)), MAX_LEVELS - 1)
        blocks.append(np.append(rank, np.nan)[codes])
        owners.append(column.name)
        categorical.append(True)
    matrix = np.column_stack(blocks) if blocks else np.empty((len(rows), 0))
    bins, counts = _binned(matrix, categorical)
    return Features(matrix, owners, categorical, bins, counts)


def _binned(matrix: np.ndarray, categorical: list[bool]) -> tuple[np.ndarray, list[int]]:
    rows, width = matrix.shape
    bins = np.zeros((rows, width), dtype=np.int32)
    counts: list[int] = []
    wanted = int(max(5, min(20, rows // 25)))
    for position in range(width):
        values = matrix[:, position]
        known = np.isfinite(values)
        if categorical[position]:
            size = int(values[known].max()) + 1 if known.any() else 1
            bins[:, position] = np.where(known, values, size).astype(np.int32)
        else:
            bins[:, position], size = quantile_bins(values, wanted)
        counts.append(size + 1)
    return bins, counts


def quantile_bins(values: np.ndarray, wanted: int) -> tuple[np.ndarray, int]:
    """Bins of about equal size; few distinct values get a bin each. Gaps are put in one more bin."""
    known = np.isfinite(values)
    if not known.any():
        return np.zeros(len(values), dtype=np.int32), 0
    distinct = np.unique(values[known])
    if len(distinct) <= wanted + 5:
        edges = distinct[1:]
    else:
        edges = np.unique(np.quantile(values[known], np.linspace(0, 1, wanted + 1)[1:-1]))
    found = np.searchsorted(edges, np.where(known, values, 0), side="right")
    size = len(edges) + 1
    return np.where(known, found, size).astype(np.int32), size


def linear_matrix(features: Features, positions: list[int]) -> np.ndarray:
    """Features without gaps for linear learners: ranks-free numbers with the median for gaps, levels as 0/1."""
    blocks: list[np.ndarray] = []
    for position in positions:
        values = features.matrix[:, position]
        known = np.isfinite(values)
        if features.categorical[position]:
            size = min(features.bin_counts[position], 12)
            for level in range(size):
                blocks.append((features.bins[:, position] == level).astype(float))
            continue
        middle = float(np.median(values[known])) if known.any() else 0.0
        filled = np.where(known, values, middle)
        deviation = filled.std()
        if deviation > 0:
            blocks.append(np.clip((filled - filled.mean()) / deviation, -6, 6))
        if 0.02 < 1 - known.mean() < 0.98:
            blocks.append((~known).astype(float))
    return np.column_stack(blocks) if blocks else np.zeros((len(features.matrix), 1))
