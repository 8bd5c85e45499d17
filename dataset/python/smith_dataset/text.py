"""Bounded, printable text: everything that leaves the survey goes through here."""

from __future__ import annotations

import math
import re
import unicodedata

NAME_LIMIT = 200
VALUE_LIMIT = 80
DESCRIPTION_LIMIT = 300
EXAMPLE_LIMIT = 300

_SPACES = re.compile(r"\s+")
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def printable(text: object) -> str:
    """Text without control, format (bidirectional, zero-width) and surrogate characters, blanks collapsed."""
    raw = str(text)
    if not raw.isascii() or not raw.isprintable():
        raw = "".join(
            " " if character in "\t\r\n\v\f\u2028\u2029" else character
            for character in raw
            if character in "\t\r\n\v\f\u2028\u2029" or unicodedata.category(character) not in _HIDDEN
        )
    return _SPACES.sub(" ", raw).strip()


def clip(text: object, limit: int = VALUE_LIMIT) -> str:
    """Printable text of at most `limit` characters; an ellipsis shows that something was cut."""
    short = printable(str(text)[: limit * 4])
    return short if len(short) <= limit else short[: limit - 1].rstrip() + "…"


def value_text(value: object) -> str:
    """A cell as text: whole numbers without a fraction, true and false in lower case."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if hasattr(value, "item") and not hasattr(value, "isoformat"):
        value = value.item()
        if isinstance(value, bool):
            return "true" if value else "false"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return repr(value)
    return str(value)


def finite(number: float, default: float = 0.0) -> float:
    """The number with at most 10 significant digits, or `default` where it is not finite."""
    value = float(number)
    return float(f"{value:.10g}") if math.isfinite(value) else default


def words_of(name: str) -> list[str]:
    """Lower-case words of a column name: `arrivalDate_Year` gives arrival, date, year."""
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    spaced = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", spaced)
    return [word for word in re.split(r"[^A-Za-z0-9]+", spaced.lower()) if word]


def key_of(name: str) -> str:
    """A name without case and separators, for matching documentation to columns; `Q2_1` is not `Q21`."""
    lowered = re.sub(r"(?<=\d)[^a-z0-9]+(?=\d)", "_", name.lower())
    return re.sub(r"[^a-z0-9_]|(?<!\d)_|_(?!\d)", "", lowered)
