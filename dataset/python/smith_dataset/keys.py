"""Values of columns as keys: what is unique, what is contained in what."""

from __future__ import annotations

import re

import pandas as pd

from .joins import key_column


def can_be_key(values: pd.Series) -> bool:
    """Whether a column could name things: whole numbers or short texts."""
    if pd.api.types.is_bool_dtype(values) or pd.api.types.is_datetime64_any_dtype(values):
        return False
    if pd.api.types.is_integer_dtype(values):
        return True
    if pd.api.types.is_float_dtype(values):
        filled = values.dropna()
        return bool(len(filled)) and bool((filled % 1 == 0).all()) and values.isna().any()
    if not pd.api.types.is_string_dtype(values) and values.dtype != object:
        return False
    head = values.dropna().head(200)
    return len(head) > 0 and all(isinstance(cell, str) and len(cell) <= 120 for cell in head)


def is_unique(values: pd.Series) -> bool:
    """No value is missing and none comes twice."""
    return len(values) > 1 and not values.isna().any() and values.is_unique


def key_set(values: pd.Series) -> set[str]:
    """The distinct keys of a column as text."""
    return set(key_column(values).dropna().unique())


def contained(left: set[str], right: set[str]) -> float:
    """Share of the left keys that the right side has."""
    return len(left & right) / len(left) if left else 0.0


def plain_name(name: str) -> str:
    """A name without marks, capitals, numbers at its end and plural."""
    text = re.sub(r"[^a-z0-9]+", "", name.lower())
    text = re.sub(r"\d+$", "", text) or text
    return text


def singular(name: str) -> str:
    """`albums` and `album` are one; `categories` and `category` too."""
    text = plain_name(name)
    if text.endswith("ies") and len(text) > 4:
        return text[:-3] + "y"
    return text[:-1] if text.endswith("s") and not text.endswith("ss") and len(text) > 3 else text
