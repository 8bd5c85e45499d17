"""Tables in columns of fixed width, told from the positions that are blank in every line."""

from __future__ import annotations

from typing import Any

from .headers import header_rows
from .names import tidy_names
from .sniff import is_prose


def fixed_width_options(text: str, encoding: str) -> dict[str, Any] | None:
    """Options of `read_fixed`, or None when the lines have no common blank columns."""
    lines = [line.expandtabs(8) for line in text.split("\n")[:500] if line.strip()]
    if len(lines) < 10 or is_prose(lines):
        return None
    width = max(map(len, lines))
    if width > 5000 or sum(len(line) > 0.5 * width for line in lines) < 0.8 * len(lines):
        return None
    used = [any(position < len(line) and line[position] != " " for line in lines) for position in range(width)]
    spans, start = [], None
    for position, filled in enumerate([*used, False]):
        if filled and start is None:
            start = position
        elif not filled and start is not None:
            spans.append([start, position])
            start = None
    if len(spans) < 3:
        return None
    # Longer cells may come later in the file: each column reaches to the next one.
    spans = [[begin, following] for (begin, _), following in zip(spans, [*(start for start, _ in spans[1:]), width + 200])]
    rows = [[line[begin:end].strip() for begin, end in spans] for line in lines]
    if sum(bool(cell) for row in rows for cell in row) < 0.5 * len(rows) * len(spans):
        return None
    options: dict[str, Any] = {"spans": spans}
    if encoding != "utf-8":
        options["encoding"] = encoding
    header = header_rows(rows)
    if header != 1:
        options["header_rows"] = 0
        options["names"] = [f"column_{number}" for number in range(1, len(spans) + 1)]
    elif tidy_names(list(rows[0])) != rows[0]:
        options["names"] = tidy_names(list(rows[0]))
    return options
