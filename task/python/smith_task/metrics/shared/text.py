"""Labels and ids as text, independent of how a CSV reader typed them."""

import re

import numpy as np
import pandas as pd

NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def plain_text(value: object) -> str:
    """One text for a value, however a CSV reader typed it: 1, 1.0, "01" and "1.0" are "1", TRUE is "true"."""
    text = str(value).strip()
    if text.lower() in ("true", "false"):
        return text.lower()
    if len(text) > 300 or not NUMBER.fullmatch(text):
        return text
    if text.lstrip("+-").isdigit():
        return str(int(text))
    number = float(text)
    return str(int(number)) if number.is_integer() else repr(number)


def distinct_texts(values: pd.Series) -> tuple[np.ndarray, list[str]]:
    """The plain text of each distinct value, and which of them each row has; -1 where it has none."""
    if values.dtype == object:
        values = values.map(str, na_action="ignore")
    rows, distinct = pd.factorize(values)
    return rows, [plain_text(value) for value in distinct.tolist()]


def plain_texts(values: pd.Series) -> np.ndarray:
    """The plain text of every value; a missing one gives an empty text."""
    rows, texts = distinct_texts(values)
    return np.array([*texts, ""], dtype=object)[rows]


def shown(values: object) -> str:
    """A few values for a message: at most three, each cut to 40 characters."""
    listed = list(values)
    texts = [repr(str(value)[:40]) for value in listed[:3]]
    return ", ".join(texts) + (", …" if len(listed) > 3 else "")
