"""How a delimited text is laid out: separator, quoting, header, number format. Told from its first lines."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .encoding import find_encoding
from .head import head_text, open_bytes, packing
from .names import tidy_names

SEPARATORS = [",", "\t", ";", "|", "::", r"\s+", ":", "~", "\x01"]
MISSING = {"", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", "?"}
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")
INFINITE = {"inf", "-inf", "Inf", "-Inf", "Infinity", "-Infinity"}
COMMA_NUMBER = re.compile(r"[+-]?\d+(,\d+)?$")
GROUPED_NUMBER = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?$")
MARKED_NUMBER = re.compile(r"[-+(]?\s?[$€£¥]?\s?[-+]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?\s?[%€£]?\)?$")
ABSENT = {"-", "--", ".", "..", "...", "*", "none", "None", "missing", "Missing", "unknown", "Unknown", "\\N", "na", "Na", "n.a.", "-nan", "#VALUE!", "#DIV/0!", "#REF!"}
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
    separator, quote, rows, consistency = _separator(body, suffix)
    notes = list(comment_notes)
    before = _preamble(lines, separator, Counter(len(row) for row in rows).most_common(1)[0][0])
    if before:
        skip_rows += before
        body = [line for line in lines[before:] if line.strip()]
        rows = _parse(body[:1000], separator, quote)
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
    if quote == '"' and len(rows[0]) > 1 and not _quotes_hold(path, encoding, separator, len(rows[0])):
        quote = None
        rows = [_cut(line, separator, None) for line in body[: len(rows)]]
        notes.append("Quotation marks belong to the text: they do not enclose cells.")
    elif _has_apostrophes(rows, body) and _quotes_hold(path, encoding, separator, len(rows[0]), "'"):
        quote = "'"
        rows = _parse(body[:1000], separator, quote)
    if quote != '"':
        options["quote"] = quote
    if separator != r"\s+" and _has_blanks(rows):
        options["strip"] = True
        rows = [[cell.strip() for cell in row] for row in rows]
    header_count = header_rows(rows)
    widths = Counter(len(row) for row in rows[header_count:])
    width = widths.most_common(1)[0][0] if widths else len(rows[0])
    names = _name_columns(options, rows, header_count, width, notes)
    _number_options(options, rows[header_count:], names, separator, notes)
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
        cells = _cut(_whole_record(lines, number), separator, '"') if line.strip() else []
        filled = [cell for cell in cells if cell.strip()]
        if len(cells) == width and len(filled) > width / 2:
            return count
        if len(cells) == width and len(filled) > 1 and _second_header(_parse(lines[number : number + 300], separator, '"')):
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


def _cut(line: str, separator: str, quote: str | None) -> list[str]:
    if separator == r"\s+":
        if quote and quote in line:
            return next(csv.reader([re.sub(r"\s+", " ", line.strip())], delimiter=" ", quotechar=quote), [])
        return line.split()
    if quote is None or len(separator) > 1:
        return line.split(separator)
    return next(csv.reader([line], delimiter=separator, quotechar=quote), [])


def _parse(lines: list[str], separator: str, quote: str | None) -> list[list[str]]:
    if len(separator) > 1 or quote is None:
        return [_cut(line, separator, quote) for line in lines]
    csv.field_size_limit(2**24)
    try:
        return [row for row in csv.reader(io.StringIO("\n".join(lines), newline=""), delimiter=separator, quotechar=quote) if row]
    except csv.Error:
        return [_cut(line, separator, None) for line in lines]


def _separator(body: list[str], suffix: str) -> tuple[str, str | None, list[list[str]], float]:
    """The separator under which most lines have the same number (over one) of cells."""
    sample = body[:1000]
    likely = {"tsv": "\t", "tab": "\t", "psv": "|", "csv": ","}.get(suffix)
    best: tuple[float, str, str | None, list[list[str]], float] | None = None
    for separator in SEPARATORS:
        if separator != r"\s+" and sum(separator in line for line in sample) < 0.5 * len(sample):
            continue
        rows = _parse(sample, separator, '"')
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
        return ",", '"', _parse(sample, ",", '"') if best is None else [[line] for line in sample], 1.0 if best is None else best[4]
    return best[1], best[2], best[3], best[4]


def _has_apostrophes(rows: list[list[str]], body: list[str]) -> bool:
    """Whether every cell of the header stands between apostrophes, and no quotation mark stands anywhere."""
    header = rows[0]
    return (
        len(header) > 1
        and all(len(cell) > 2 and cell[0] == cell[-1] == "'" for cell in header)
        and not any('"' in line for line in body[:1000])
    )


def _quotes_hold(
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


def _has_blanks(rows: list[list[str]]) -> bool:
    cells = [cell for row in rows[:300] for cell in row if cell.strip()]
    return sum(cell != cell.strip() for cell in cells) > 0.05 * len(cells) or any(
        cell != cell.strip() for cell in rows[0]
    )


def is_number(cell: str) -> bool:
    """Whether a cell is a plain number."""
    cell = cell.strip()
    return bool(NUMBER.match(cell)) or cell in INFINITE


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
    return 2 if _second_header(rows) else 1


def _second_header(rows: list[list[str]]) -> bool:
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


def _name_columns(options: dict[str, Any], rows: list[list[str]], header_rows: int, width: int, notes: list[str]) -> list[str]:
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


def _number_options(options: dict[str, Any], rows: list[list[str]], names: list[str], separator: str, notes: list[str]) -> None:
    """Decimal commas, thousands, symbols in numbers, marks of absence, leading zeros."""
    rows = rows[: max(50, 100_000 // max(len(names), 1))]
    columns = [[row[i].strip() for row in rows if i < len(row)] for i in range(min(len(names), 2000))]
    filled = [[cell for cell in column if cell not in MISSING] for column in columns]
    plain = sum(bool(c) and all(map(is_number, c[:200])) and any("." in x for x in c[:200]) for c in filled)
    comma = sum(
        bool(c) and all(COMMA_NUMBER.match(x) for x in c[:200]) and any("," in x for x in c[:200]) for c in filled
    )
    grouped = sum(bool(c) and all(GROUPED_NUMBER.match(x) or is_number(x) for x in c) and any("," in x for x in c) for c in filled)
    if separator != "," and comma and comma > plain and not all(
        GROUPED_NUMBER.match(x) for c in filled if c and all(COMMA_NUMBER.match(x) for x in c[:200]) for x in c if "," in x
    ):
        options["decimal"] = ","
        notes.append("Numbers have a decimal comma.")
        return
    if grouped:
        options["thousands"] = ","
    marks: Counter[str] = Counter()
    numbers, texts = [], []
    for index, cells in enumerate(filled):
        if not cells:
            continue
        others = [cell for cell in cells if not is_number(cell) and not (grouped and GROUPED_NUMBER.match(cell))]
        if not others:
            if any(re.fullmatch(r"0\d+", cell) for cell in cells):
                texts.append(names[index])
            continue
        if len(others) == len(cells) and not all(MARKED_NUMBER.match(cell) for cell in cells[:300]):
            continue
        absent = [cell for cell in others if cell in ABSENT]
        rest = [cell for cell in others if cell not in ABSENT]
        if absent and not rest and len(absent) < len(cells):
            marks.update(set(absent))
        elif rest and all(MARKED_NUMBER.match(cell) or is_number(cell.strip("'\"` ")) for cell in rest):
            numbers.append(names[index])
    used_in_texts = {cell for cells in filled if cells and sum(map(is_number, cells)) < 0.5 * len(cells) for cell in cells}
    absent_marks = sorted(mark for mark in marks if mark not in used_in_texts)
    if absent_marks:
        options["missing"] = absent_marks
        notes.append("Read as missing: " + ", ".join(absent_marks) + ".")
    if numbers:
        options["numbers"] = numbers
    if texts:
        options["texts"] = texts

def is_prose(body: list[str]) -> bool:
    """Running text: long lines of words that end in full stops."""
    words = sum(len(line.split()) for line in body[:200])
    return words / min(len(body), 200) > 6 and sum(line.rstrip().endswith((".", ":")) for line in body[:200]) > 0.1 * min(len(body), 200)
