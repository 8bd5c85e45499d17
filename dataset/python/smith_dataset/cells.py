"""What a single cell of a text file is: missing, a number, a number with marks."""

from __future__ import annotations

import re

MISSING = {"", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", "?"}
ABSENT = {"-", "--", ".", "..", "...", "*", "none", "None", "missing", "Missing", "unknown", "Unknown", "\\N", "na", "Na", "n.a.", "-nan", "#VALUE!", "#DIV/0!", "#REF!"}
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")
INFINITE = {"inf", "-inf", "Inf", "-Inf", "Infinity", "-Infinity"}
COMMA_NUMBER = re.compile(r"[+-]?\d+(,\d+)?$")
GROUPED_NUMBER = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?$")
MARKED_NUMBER = re.compile(r"[-+(]?\s?[$€£¥]?\s?[-+]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?\s?[%€£]?\)?$")


def is_number(cell: str) -> bool:
    """Whether a cell is a plain number."""
    cell = cell.strip()
    return bool(NUMBER.match(cell)) or cell in INFINITE
