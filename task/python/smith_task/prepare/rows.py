"""Which rows are used."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .values import as_label


def require_columns(rows: pd.DataFrame, columns: list[str]) -> None:
    """Raises when the raw data lack a column that the task is made of."""
    missing = [column for column in columns if column not in rows.columns]
    if missing:
        raise ValueError(f"the raw data have no column {missing[0]!r}; they have {list(rows.columns)[:20]}")
    if not rows.columns.is_unique:
        raise ValueError(f"the raw data have two columns {rows.columns[rows.columns.duplicated()][0]!r}")


def keep_where(rows: pd.DataFrame, column: str, values: list[str]) -> pd.DataFrame:
    """Rows whose column has one of the values."""
    return rows[as_label(rows[column], values).isin(values)]


def blank_codes(rows: pd.DataFrame, codes: dict[str, list[str]]) -> pd.DataFrame:
    """Codes that stand for "no value" become missing values."""
    rows = rows.copy()
    for column, values in codes.items():
        kept = rows[column].mask(as_label(rows[column], values).isin(values))
        if not pd.api.types.is_numeric_dtype(kept) and not pd.api.types.is_datetime64_any_dtype(kept):
            numbers = pd.to_numeric(kept, errors="coerce")
            kept = numbers if numbers.notna().sum() == kept.notna().sum() > 0 else kept
        rows[column] = kept
    return rows


def with_target(data: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Rows that have a value in all of the target's columns."""
    kept = data.dropna(subset=columns)
    if len(kept) < 2:
        raise ValueError(f"only {len(kept)} of {len(data)} rows have a value of {columns}")
    return kept


def drop_empty(data: pd.DataFrame, features: list[str]) -> pd.DataFrame:
    """Rows with a value in at least one feature: from the others nothing can be told."""
    kept = data.dropna(how="all", subset=features)
    if len(kept) < 2:
        raise ValueError(f"only {len(kept)} of {len(data)} rows have a value in any feature")
    return kept


def drop_repeated(data: pd.DataFrame) -> pd.DataFrame:
    """The first of each set of equal rows."""
    return data[~data.duplicated()]


def require_labels(target: pd.Series, labels: list[str]) -> None:
    """Raises when a label of the task has no row."""
    absent = sorted(set(labels) - set(target.unique()))
    if absent:
        raise ValueError(f"no row has the label {absent[0]!r}; found {sorted(set(target))[:20]}")


def sample_rows(data: pd.DataFrame, limit: int, rng: np.random.Generator) -> pd.DataFrame:
    """At most `limit` rows, drawn at random, in their order."""
    if len(data) <= limit:
        return data
    return data.iloc[np.sort(rng.choice(len(data), limit, replace=False))]


def sample_groups(data: pd.DataFrame, groups: pd.Series, limit: int, rng: np.random.Generator) -> pd.DataFrame:
    """Whole groups, drawn at random, with at most `limit` rows in all."""
    if len(data) <= limit:
        return data
    codes, names = pd.factorize(groups)
    sizes = np.bincount(codes, minlength=len(names))
    kept = np.zeros(len(names), dtype=bool)
    room = limit
    for group in rng.permutation(len(names)):
        if sizes[group] <= room:
            kept[group] = True
            room -= sizes[group]
    return data[kept[codes]]


def latest_rows(data: pd.DataFrame, times: pd.Series, limit: int) -> pd.DataFrame:
    """The latest rows, at most `limit`; all rows of one time stay together."""
    if len(data) <= limit:
        return data
    counts = times.value_counts().sort_index(ascending=False).cumsum()
    fitting = counts.index[counts <= limit]
    if len(fitting) == 0:
        raise ValueError(f"the latest time alone has more than {limit} rows")
    return data[times >= fitting[-1]]
