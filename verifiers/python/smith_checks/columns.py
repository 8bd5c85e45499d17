"""Features of train and test in the forms in which a leak may hide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from smith_checks.disguises import Part, number_parts, text_parts
from smith_checks.package import Package
from smith_checks.statistics import bins

MOST_ROWS = 20_000


@dataclass
class Feature:
    """One column of both tables: `values` floats (NaN for missing) when numeric, `codes` integers in any case."""

    name: str
    numeric: bool
    train_values: np.ndarray
    test_values: np.ndarray
    train_codes: np.ndarray
    test_codes: np.ndarray
    distinct: int

    @property
    def values(self) -> np.ndarray:
        return np.concatenate([self.train_values, self.test_values])

    @property
    def codes(self) -> np.ndarray:
        return np.concatenate([self.train_codes, self.test_codes])

    @property
    def missing(self) -> dict[str, np.ndarray]:
        """Which rows have no value, of the test and of all: the code that missing cells have is the greatest."""
        codes = self.codes
        lacking = codes == self.distinct
        return {"all": lacking, "test": lacking[len(self.train_codes) :]}

    @property
    def fractional(self) -> bool:
        """Whether a value has a fraction."""
        known = self.values[~np.isnan(self.values)]
        return bool((known != np.floor(known)).any())

    @staticmethod
    def decimals(*written: pd.Series) -> list[np.ndarray]:
        """Digits after the point, of columns as written; NaN where a cell is empty."""
        return [side.str.extract(r"\.(\d*)", expand=False).fillna("").str.len().where(side.notna()).to_numpy(dtype=float) for side in written]

    def of_rows(self, train: np.ndarray, test: np.ndarray) -> Feature:
        """The feature of some of the rows."""
        return Feature(
            self.name, self.numeric, self.train_values[train], self.test_values[test], self.train_codes[train], self.test_codes[test], self.distinct
        )

    def lookup_codes(self) -> tuple[np.ndarray, np.ndarray]:
        """Codes to look a target up by: values themselves where few, else fine quantile bins of train."""
        rows = len(self.train_codes)
        if not self.numeric or self.distinct <= max(20, rows // 10):
            return self.train_codes, self.test_codes
        count = int(np.clip(rows // 15, 8, 256))
        return bins(self.train_values, count), bins(self.test_values, count, self.train_values)


class Table:
    """Train and test rows (at most MOST_ROWS of each, evenly spread) and their features."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self.train_rows = spread(len(package.train))
        self.test_rows = spread(len(package.test))
        self.train = package.train.iloc[self.train_rows]
        self.test = package.test.iloc[self.test_rows]
        self.names = package.features

    @cached_property
    def written(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The same rows as texts, as they stand in the files: trailing noughts and blanks included."""
        return self._package.written("train.csv").iloc[self.train_rows], self._package.written("test.csv").iloc[self.test_rows]

    @cached_property
    def features(self) -> list[Feature]:
        return [feature_of(name, self.train[name], self.test[name]) for name in self.names]

    def targets(self, package: Package) -> Iterator[tuple[str, bool, np.ndarray, np.ndarray]]:
        """Name, whether it is a class, and values for the rows of this table."""
        for column in package.target_columns:
            yield column.name, column.is_class, column.train[self.train_rows], column.test[self.test_rows]


def spread(rows: int, most: int = MOST_ROWS) -> np.ndarray:
    """All positions, or evenly spread ones."""
    return np.arange(rows) if rows <= most else np.linspace(0, rows - 1, most).round().astype(int)


def feature_of(name: str, train: pd.Series, test: pd.Series) -> Feature:
    """A feature from its two columns."""
    numeric = pd.api.types.is_numeric_dtype(train) and pd.api.types.is_numeric_dtype(test)
    pooled = pd.concat([train, test], ignore_index=True)
    if numeric:
        values = pooled.to_numpy(dtype=float, na_value=np.nan)
    else:
        pooled = pooled.astype("str")
        values = pd.to_numeric(pooled, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
        numeric = bool((~np.isnan(values)).sum() > 0.9 * max(1, pooled.notna().sum()))
    # An infinite value (an open interval, a division by zero) is a value to compare, and none to calculate with.
    values = np.where(np.isfinite(values), values, np.nan)
    codes, distinct = pd.factorize(pooled, sort=False)
    codes = np.where(codes < 0, len(distinct), codes)
    split = len(train)
    return Feature(name, numeric, values[:split], values[split:], codes[:split], codes[split:], len(distinct))


def disguises(feature: Feature, train: pd.Series, test: pd.Series) -> Iterator[Part]:
    """Codes of what may hide in a column, given as written: whether it is missing, parts of its text, remainders."""
    missing = (train.isna().to_numpy().astype(int), test.isna().to_numpy().astype(int))
    if missing[0].any() or missing[1].any():
        yield "whether it is missing", *missing
    if feature.distinct < 10:
        return
    yield from text_parts(train, test, digits=feature.numeric)
    if feature.numeric:
        yield "its number of decimals", *(np.nan_to_num(side).astype(int) for side in feature.decimals(train, test))
        yield from number_parts(feature.values, len(feature.train_values))


_TABLES: dict[int, Table] = {}


def table_of(package: Package) -> Table:
    """The table of a package, built once."""
    if id(package) not in _TABLES:
        _TABLES[id(package)] = Table(package)
    return _TABLES[id(package)]
