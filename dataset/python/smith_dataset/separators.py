"""How lines of a delimited text are cut into cells: the separator, and whether quotation marks enclose cells."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from pathlib import Path

from .head import open_bytes

SEPARATORS = [",", "\t", ";", "|", "::", r"\s+", ":", "~", "\x01"]


def cut_line(line: str, separator: str, quote: str | None) -> list[str]:
    """The cells of one line; the separator `\\s+` is any white space."""
    if separator == r"\s+":
        if quote and quote in line:
            return next(csv.reader([re.sub(r"\s+", " ", line.strip())], delimiter=" ", quotechar=quote), [])
        return line.split()
    if quote is None or len(separator) > 1:
        return line.split(separator)
    return next(csv.reader([line], delimiter=separator, quotechar=quote), [])


def cut_lines(lines: list[str], separator: str, quote: str | None) -> list[list[str]]:
    """The cells of lines, which quotation marks may join to one row."""
    if len(separator) > 1 or quote is None:
        return [cut_line(line, separator, quote) for line in lines]
    csv.field_size_limit(2**24)
    try:
        return [row for row in csv.reader(io.StringIO("\n".join(lines), newline=""), delimiter=separator, quotechar=quote) if row]
    except csv.Error:
        return [cut_line(line, separator, None) for line in lines]


def find_separator(body: list[str], suffix: str) -> tuple[str, str | None, list[list[str]], float]:
    """The separator under which most lines have the same number (over one) of cells."""
    sample = body[:1000]
    likely = {"tsv": "\t", "tab": "\t", "psv": "|", "csv": ","}.get(suffix)
    best: tuple[float, str, str | None, list[list[str]], float] | None = None
    for separator in SEPARATORS:
        if separator != r"\s+" and sum(separator in line for line in sample) < 0.5 * len(sample):
            continue
        rows = cut_lines(sample, separator, '"')
        widths = Counter(len(row) for row in rows)
        width, count = widths.most_common(1)[0]
        if width < 2:
            continue
        consistency = count / len(rows)
        score = consistency + 0.02 * min(width, 10) / 10
        if separator == likely or (separator == ";" and likely == ","):
            score += 0.15
        if separator in (r"\s+", ":", "~"):
            score -= 0.1
            if separator == ":" and (width < 3 or consistency < 0.95):
                continue
        if best is None or score > best[0] + 1e-9:
            best = (score, separator, '"', rows, consistency)
    if best is None or best[4] < 0.5:
        return ",", '"', cut_lines(sample, ",", '"') if best is None else [[line] for line in sample], 1.0 if best is None else best[4]
    return best[1], best[2], best[3], best[4]


def has_apostrophes(rows: list[list[str]], body: list[str]) -> bool:
    """Whether every cell of the header stands between apostrophes, and no quotation mark stands anywhere."""
    header = rows[0]
    return (
        len(header) > 1
        and all(len(cell) > 2 and cell[0] == cell[-1] == "'" for cell in header)
        and not any('"' in line for line in body[:1000])
    )


def quotes_hold(
    path: Path, encoding: str, separator: str, width: int, quote: str = '"', limit: int = 32 * 2**20
) -> bool:
    """Whether quotation marks enclose cells: cells that begin with one must end with one, and lines agree so."""
    if len(separator) > 1:
        return True
    with open_bytes(path) as file:
        content = file.read(limit)
    text = content.decode(encoding, errors="replace")
    if quote not in text:
        return True
    plain_lines = [line for line in text.replace("\r\n", "\n").split("\n") if line]
    plain_right = sum(line.count(separator) == width - 1 for line in plain_lines) / max(len(plain_lines), 1)
    csv.field_size_limit(2**24)
    try:
        quoted = [len(row) == width for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, quotechar=quote) if row]
    except csv.Error:
        return False
    quoted_right = sum(quoted) / max(len(quoted), 1)
    lost = len(plain_lines) - len(quoted)
    if quoted_right < plain_right or lost > (1 - plain_right) * len(plain_lines) + 0.5:
        # Quotation marks run over the ends of lines that are rows of their own.
        return False
    if plain_right == 1.0:
        cells = [cell.strip() for line in plain_lines if quote in line for cell in line.split(separator)]
        opened = [cell for cell in cells if cell.startswith(quote)]
        return all(len(cell) > 1 and cell.endswith(quote) for cell in opened)
    return True
