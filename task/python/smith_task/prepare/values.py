"""Values of columns: as text, as numbers, as times, and in the form in which they are written."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd


def as_text(column: pd.Series) -> pd.Series:
    """Values as text, whole numbers without a decimal point; missing values stay missing."""

    def text(value: object) -> str:
        if isinstance(value, (float, np.floating)) and float(value).is_integer() and abs(value) < 1e15:
            return str(int(value))
        if isinstance(value, (list, tuple, np.ndarray)):
            return " ".join(str(item) for item in value)
        return str(value).strip()

    values = column.astype(object)
    missing = column.isna().to_numpy()
    texts = [None if gone else text(value) for value, gone in zip(values, missing)]
    return pd.Series(texts, index=column.index, name=column.name, dtype=object)


def as_number(column: pd.Series) -> pd.Series:
    """Values as numbers (true is 1, false is 0); what is not a finite number is missing."""
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        numbers = pd.to_numeric(column, errors="coerce").astype("float64")
    else:
        words = {"true": 1.0, "yes": 1.0, "false": 0.0, "no": 0.0}
        texts = as_text(column).map(lambda text: words.get(text.lower(), text), na_action="ignore")
        numbers = pd.to_numeric(texts, errors="coerce").astype("float64")
    return numbers.where(np.isfinite(numbers))


def as_flag(column: pd.Series) -> pd.Series:
    """Values as 0 or 1; a column of 1 and 2 is read as 0 and 1."""
    numbers = as_number(column)
    found = set(numbers.dropna().unique())
    if found <= {1.0, 2.0} and 2.0 in found:
        return numbers - 1
    if not found <= {0.0, 1.0}:
        raise ValueError(f"column {column.name!r} should hold 0 and 1 only, but holds {sorted(found)[:5]}")
    return numbers


def as_time(column: pd.Series) -> pd.Series:
    """Values as sortable times: numbers as they are, dates in UTC without a zone."""
    if pd.api.types.is_numeric_dtype(column):
        return column.astype("float64")
    if pd.api.types.is_datetime64_any_dtype(column):
        times = column
    else:
        texts = as_text(column)
        numbers = pd.to_numeric(texts, errors="coerce")
        if numbers.notna().sum() == texts.notna().sum():
            return numbers.astype("float64")
        try:
            times = pd.to_datetime(texts, utc=True, format="ISO8601")
        except ValueError:
            times = pd.to_datetime(texts, utc=True, format="mixed")
    return times.dt.tz_convert("UTC").dt.tz_localize(None) if times.dt.tz is not None else times


def plain(column: pd.Series) -> pd.Series:
    """The column as it is written: whole numbers as integers, dates in ISO form, text without control characters."""
    if pd.api.types.is_bool_dtype(column) or pd.api.types.is_integer_dtype(column):
        return column
    if pd.api.types.is_float_dtype(column):
        known = column.dropna()
        if len(known) and np.isfinite(known).all() and (known % 1 == 0).all() and (known.abs() < 2**53).all():
            return column.astype("Int64")
        return column
    if pd.api.types.is_datetime64_any_dtype(column):
        known = column.dropna()
        whole_days = bool((known == known.dt.normalize()).all())
        return column.dt.strftime("%Y-%m-%d" if whole_days else "%Y-%m-%dT%H:%M:%S").astype(object)
    unwritable = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

    def clean(text: str) -> str:
        return unwritable.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))

    return as_text(column).map(clean, na_action="ignore")
