"""How a delimited text is laid out, told from its first lines: what comes before the table, and the options of its reader."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .encoding import find_encoding
from .head import head_text, packing
from .headers import header_rows, is_second_header, name_columns
from .number_format import find_number_options
from .separators import cut_line, cut_lines, find_separator, has_apostrophes, quotes_hold

SHOWN_LINE = 1_000_000
HEAD_SIZE = 2**20
LONGEST_PREAMBLE = 30


@dataclass
class Layout:
    """Options of `read_delimited` and what was noticed."""

    options: dict[str, Any]
    columns: int
    rows: list[list[str]]
    consistency: float
    prose: bool = False
    notes: list[str] = field(default_factory=list)


class NotATable(Exception):
    """The file is not a table; the text says why."""


def sniff_delimited(path: Path) -> Layout:
    """The layout of a text file, or NotATable."""
    encoding = find_encoding(path)
    if encoding is None:
        raise NotATable("its bytes are not text")
    text = head_text(path, encoding)
    lines = text.split("\n")
    if max(map(len, lines)) >= SHOWN_LINE or (len(text) < HEAD_SIZE // 4 and path.stat().st_size > 2 * HEAD_SIZE and packing(path) is None):
        raise NotATable("it has lines of more than a million characters")
    lines, skip_rows, comment_notes = _after_comments(lines)
    body = [line for line in lines if line.strip()]
    if len(body) < 2:
        raise NotATable("it has fewer than two lines")
    suffix = path.name.lower().removesuffix(".gz").removesuffix(".bz2").removesuffix(".xz").rpartition(".")[2]
    separator, quote, rows, consistency = find_separator(body, suffix)
    notes = list(comment_notes)
    before = _preamble(lines, separator, Counter(len(row) for row in rows).most_common(1)[0][0])
    if before:
        skip_rows += before
        body = [line for line in lines[before:] if line.strip()]
        rows = cut_lines(body[:1000], separator, quote)
        notes.append(f"{before} lines before the table are not part of it.")
    options: dict[str, Any] = {}
    if separator != ",":
        options["separator"] = separator
    if encoding != "utf-8":
        options["encoding"] = encoding
        if encoding not in ("utf-8-sig",):
            notes.append(f"The file is not UTF-8; it is read as {encoding}.")
    if (packed := packing(path)) is not None:
        options["compression"] = packed
    if skip_rows:
        options["skip_rows"] = skip_rows
    if quote == '"' and len(rows[0]) > 1 and not quotes_hold(path, encoding, separator, len(rows[0])):
        quote = None
        rows = [cut_line(line, separator, None) for line in body[: len(rows)]]
        notes.append("Quotation marks belong to the text: they do not enclose cells.")
    elif has_apostrophes(rows, body) and quotes_hold(path, encoding, separator, len(rows[0]), "'"):
        quote = "'"
        rows = cut_lines(body[:1000], separator, quote)
    if quote != '"':
        options["quote"] = quote
    if separator != r"\s+" and _has_blanks(rows):
        options["strip"] = True
        rows = [[cell.strip() for cell in row] for row in rows]
    header_count = header_rows(rows)
    widths = Counter(len(row) for row in rows[header_count:])
    width = widths.most_common(1)[0][0] if widths else len(rows[0])
    names = name_columns(options, rows, header_count, width, notes)
    find_number_options(options, rows[header_count:], names, separator, notes)
    return Layout(options, width, rows, consistency, is_prose(body), notes)


def _after_comments(lines: list[str]) -> tuple[list[str], int, list[str]]:
    """Lines after a preamble of comment lines (# or %), how many were skipped, and remarks.

    The last comment line stays when it is the header itself: as many cells as the line after it.
    """
    count = 0
    while count < len(lines) and (not lines[count].strip() or lines[count].lstrip()[:1] in "#%"):
        count += 1
    if count == 0 or count >= len(lines):
        return lines, 0, []
    last, following = lines[count - 1], lines[count]
    for separator in (",", "\t", ";", "|"):
        if separator in following and last.count(separator) == following.count(separator):
            return lines[count - 1 :], count - 1, []
    return lines[count:], count, [f"{count} lines before the table are comments."]


def _preamble(lines: list[str], separator: str, width: int) -> int:
    """How many lines stand before the table: titles and remarks, which have at most half as many cells as its rows."""
    count = 0
    for number, line in enumerate(lines[:LONGEST_PREAMBLE]):
        cells = cut_line(_whole_record(lines, number), separator, '"') if line.strip() else []
        filled = [cell for cell in cells if cell.strip()]
        if len(cells) == width and len(filled) > width / 2:
            return count
        if len(cells) == width and len(filled) > 1 and is_second_header(cut_lines(lines[number : number + 300], separator, '"')):
            return count  # A title over several columns: the next line names each of them.
        if len(filled) > max(1, width / 2) or (width == 2 and separator == r"\s+"):
            return 0
        count = number + 1
    return 0


def _whole_record(lines: list[str], start: int) -> str:
    """The line, with those after it that a line break inside its quotes belongs to; at most ten."""
    record = lines[start]
    for line in lines[start + 1 : start + 10]:
        if record.count('"') % 2 == 0:
            return record
        record = f"{record}\n{line}"
    return record if record.count('"') % 2 == 0 else lines[start]


def _has_blanks(rows: list[list[str]]) -> bool:
    cells = [cell for row in rows[:300] for cell in row if cell.strip()]
    return sum(cell != cell.strip() for cell in cells) > 0.05 * len(cells) or any(
        cell != cell.strip() for cell in rows[0]
    )


def is_prose(body: list[str]) -> bool:
    """Running text: long lines of words that end in full stops."""
    words = sum(len(line.split()) for line in body[:200])
    return words / min(len(body), 200) > 6 and sum(line.rstrip().endswith((".", ":")) for line in body[:200]) > 0.1 * min(len(body), 200)
