"""How numbers are written in the columns of a text file: decimal commas, thousands, symbols, marks of absence."""

from __future__ import annotations

import re
from typing import Any

from .cells import ABSENT, COMMA_NUMBER, GROUPED_NUMBER, MARKED_NUMBER, MISSING, is_number


def find_number_options(options: dict[str, Any], rows: list[list[str]], names: list[str], separator: str, notes: list[str]) -> None:
    """Decimal commas, thousands, symbols in numbers, marks of absence, leading zeros."""
    rows = rows[: max(50, 100_000 // max(len(names), 1))]
    columns = [[row[i].strip() for row in rows if i < len(row)] for i in range(min(len(names), 2000))]
    filled = [[cell for cell in column if cell not in MISSING] for column in columns]
    plain = sum(any("." in x for x in c[:200]) and all(map(is_number, c[:200])) for c in filled)
    comma = sum(any("," in x for x in c[:200]) and all(COMMA_NUMBER.match(x) for x in c[:200]) for c in filled)
    grouped = sum(any("," in x for x in c) and all(GROUPED_NUMBER.match(x) or is_number(x) for x in c) for c in filled)
    if separator != "," and comma and comma > plain and not all(
        GROUPED_NUMBER.match(x) for c in filled if c and all(COMMA_NUMBER.match(x) for x in c[:200]) for x in c if "," in x
    ):
        options["decimal"] = ","
        notes.append("Numbers have a decimal comma.")
        return
    if grouped:
        options["thousands"] = ","
    marks: set[str] = set()
    numbers, texts = [], []
    for index, cells in enumerate(filled):
        if not cells:
            continue
        # Cells repeat: each is looked at once.
        distinct = set(cells)
        strange = {cell for cell in distinct if not is_number(cell) and not (grouped and GROUPED_NUMBER.match(cell))}
        if not strange:
            if any(re.fullmatch(r"0\d+", cell) for cell in distinct):
                texts.append(names[index])
            continue
        others = [cell for cell in cells if cell in strange]
        if len(others) == len(cells) and not all(MARKED_NUMBER.match(cell) for cell in cells[:300]):
            continue
        absent = [cell for cell in others if cell in ABSENT]
        rest = [cell for cell in others if cell not in ABSENT]
        if absent and not rest and len(absent) < len(cells):
            marks.update(set(absent))
        elif rest and all(MARKED_NUMBER.match(cell) or is_number(cell.strip("'\"` ")) for cell in rest):
            numbers.append(names[index])
    absent_marks = sorted(set(marks) - _cells_of_texts(filled)) if marks else []
    if absent_marks:
        options["missing"] = absent_marks
        notes.append("Read as missing: " + ", ".join(absent_marks) + ".")
    if numbers:
        options["numbers"] = numbers
    if texts:
        options["texts"] = texts


def _cells_of_texts(columns: list[list[str]]) -> set[str]:
    """All cells of columns that are no numbers by half."""
    return {cell for cells in columns if cells and sum(map(is_number, cells)) < 0.5 * len(cells) for cell in cells}
