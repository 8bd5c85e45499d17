"""How many rows of a table are its header, and the names of the columns that come of them."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from .cells import MISSING, is_number
from .names import tidy_names


def header_rows(rows: list[list[str]]) -> int:
    """0, 1 or 2: whether the first rows are of another kind than those below."""
    first, rest = rows[0], rows[1 : max(30, min(301, 50_000 // max(len(rows[0]), 1)))]
    if not rest:
        return 1
    width = len(first)
    votes_for = votes_against = 0.0
    texts_below = 0
    for index, name in enumerate(first):
        name = name.strip()
        below = [row[index].strip() for row in rest if index < len(row)]
        filled = [cell for cell in below if cell not in MISSING]
        if not filled:
            continue
        numeric = sum(map(is_number, filled)) / len(filled)
        if numeric > 0.9:
            if name in MISSING:
                votes_against += 0.2 if name else 0
            elif is_number(name):
                votes_against += 1
            else:
                votes_for += 1
        else:
            texts_below += 1
            if not name:
                continue
            if name in filled:
                votes_against += 1
            elif is_number(name):
                votes_against += 0.1
            elif len(name) <= 60 and not re.search(r"[.!?]\s", name):
                # A name among texts of another length, or among values that repeat, is a header.
                distinct = len(set(filled))
                votes_for += 0.6 if distinct < 0.7 * len(filled) else 0.3
    if votes_against and votes_against >= votes_for:
        # A header of years or positions: rising whole numbers after names.
        numbers = [float(cell) for cell in first if is_number(cell)]
        pairs = list(zip(numbers, numbers[1:]))
        years = all(1000 <= number <= 2200 and number % 1 == 0 for number in numbers) and all(a < b for a, b in pairs)
        even = all(b - a == numbers[1] - numbers[0] != 0 for a, b in pairs)
        if not (len(numbers) >= 3 and (years or even) and width > len(numbers) >= width - 5):
            return 0
    if not votes_for and not votes_against and len(set(first)) < len(first) and texts_below == len(first):
        return 0
    return 2 if is_second_header(rows) else 1


def is_second_header(rows: list[list[str]]) -> bool:
    """Whether the second row names what the first leaves open (blanks after a spanning title, or units)."""
    if len(rows) < 4 or len(rows[0]) < 3:
        return False
    first, second, rest = rows[0], rows[1], rows[2:302]
    unnamed = sum(not cell.strip() for cell in first)
    if unnamed < 0.2 * len(first) or len(second) != len(first):
        return False
    named_below = sum(bool(cell.strip()) for top, cell in zip(first, second) if not top.strip())
    if named_below < 0.8 * unnamed:
        return False
    differs = 0
    for index, cell in enumerate(second):
        below = [row[index].strip() for row in rest if index < len(row) and row[index].strip()]
        if not cell.strip() or not below:
            differs += 1
        elif sum(map(is_number, below)) > 0.9 * len(below):
            differs += not is_number(cell)
        else:
            differs += below.count(cell.strip()) <= 0.02 * len(below) or len(set(below)) == 1
    return differs >= 0.6 * len(second)


def name_columns(options: dict[str, Any], rows: list[list[str]], header_rows: int, width: int, notes: list[str]) -> list[str]:
    """Sets `header_rows`, `names` or `rename` where the header cannot be used as it is; names before `rename`."""
    if header_rows == 0:
        options["header_rows"] = 0
        notes.append("The file has no header: columns are numbered.")
        return [f"column_{number}" for number in range(1, width + 1)]
    if header_rows == 2:
        first, second = rows[0], rows[1]
        names, title = [], ""
        for top, below in zip(first, second):
            title = top.strip() or title
            below = below.strip()
            generic = below.lower() in ("", "response", "value", "answer")
            names.append(title if generic else f"{title} / {below}" if title else below)
        options["header_rows"] = 2
        options["names"] = tidy_names(names)
        notes.append("Two header rows were joined to one name a column.")
        return options["names"]
    header = [cell.strip() if options.get("strip") else cell for cell in rows[0]]
    if _mangled_numbers(header):
        options["names"] = "column_"
        notes.append("The header is a row of data that some tool turned into names; columns are numbered instead.")
        return [f"column_{number}" for number in range(1, width + 1)]
    if len(header) == width - 1 and all(not row[-1].strip() for row in rows[header_rows:] if len(row) == width):
        return tidy_names(header)  # Every row ends in a separator; the reader leaves the empty column out.
    if len(header) == width - 1:
        options["names"] = tidy_names(["", *header])
        notes.append("The header lacks a name for the first column.")
    elif len(header) != width:
        options["names"] = tidy_names([*header, *[""] * (width - len(header))][:width])
        notes.append(f"The header has {len(header)} names for {width} columns.")
    else:
        tidied = tidy_names(header)
        seen: Counter[str] = Counter()
        given = []
        for index, name in enumerate(header):
            given.append(f"Unnamed: {index}" if name == "" else f"{name}.{seen[name]}" if seen[name] else name)
            seen[name] += 1
        if given != tidied:
            if len(set(given)) == len(given):
                options["rename"] = {a: b for a, b in zip(given, tidied) if a != b}
            else:
                options["names"] = tidied
        return options.get("names", given)
    return options["names"]


def _mangled_numbers(header: list[str]) -> bool:
    """Names such as X1, X0, X0.1, X0.2: numbers made into names and told apart."""
    like = [re.fullmatch(r"X?-?\d+(\.\d+){0,2}", name.strip()) for name in header]
    if len(header) < 4 or not all(like):
        return False
    stems = Counter(re.sub(r"\.\d+$", "", name.strip()) for name in header)
    return stems.most_common(1)[0][1] >= 0.5 * len(header) and "." in "".join(header)
