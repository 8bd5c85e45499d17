"""Finds (name, text) pairs in documentation: definition lists, tables of every usual form, bullets, plain lines."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from .text import printable

Pair = tuple[str, str]


def clean(text: str) -> str:
    """Prose without the markup of reStructuredText, Markdown and R."""
    text = re.sub(r"``([^`]*)``|`([^`<]*?)(?: <[^>]*>)?`_?_?", lambda found: found[1] or found[2] or "", text)
    text = re.sub(r"\*\*([^*]*)\*\*|(?<![\w*])\*([^*\s][^*]*)\*(?!\w)", lambda found: found[1] or found[2] or "", text)
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"\\[ ]?(?==)", "", text)
    text = re.sub(r"\\([*_|$#<>\[\]{}()])", r"\1", text)
    text = re.sub(r"\\ ", "", text)
    return printable(text).strip(" ;,")


def pairs_in(path: str, text: str) -> Iterator[Pair]:
    """Candidates, most trustworthy form first; the caller keeps those that name a column."""
    lines = text.splitlines()
    if path.lower().endswith((".csv", ".tsv")):
        yield from _dictionary_file(text, "\t" if path.lower().endswith(".tsv") else ",")
    yield from _grid_tables(lines)
    yield from _simple_tables(lines)
    yield from _pipe_tables(lines)
    yield from _definitions(lines)
    yield from _bullets(lines)
    yield from _plain(lines)


def _names(cell: str) -> list[str]:
    """The names in a term: `a`, `b, c`, `x and y`, `wk1 – wk76`."""
    cell = clean(cell).strip(" :.=-–—•*")
    whole = [cell]
    span = re.fullmatch(r"([A-Za-z_.]+)(\d+)\s*(?:-|–|—|to|through|\.\.\.?|:)\s*\1?(\d+)", cell)
    if span and int(span[3]) - int(span[2]) in range(1, 400):
        width = len(span[2]) if span[2].startswith("0") else 0
        return [f"{span[1]}{number:0{width}d}" for number in range(int(span[2]), int(span[3]) + 1)]
    several = re.fullmatch(r"([A-Za-z]\w*[._])?\[([\w ]+(?:,[\w ]+)+)\]([._]\w+)?", cell)
    if several and (several[1] or several[3]):
        return [f"{several[1] or ''}{part.strip()}{several[3] or ''}" for part in several[2].split(",")]
    if "(" in cell:
        whole.append(re.sub(r"\s*\(.*$", "", cell))
    parts = [part for part in re.split(r"\s*(?:,|/|;|\band\b|&)\s*", cell) if part]
    return whole + (parts if 1 < len(parts) <= 30 else [])


def _rows(cells_of_rows: list[list[str]]) -> Iterator[Pair]:
    """Rows of a table: the name stands in the first cell, or in a later one behind a number; the text is the rest."""
    head = [clean(cell).lower() for cell in cells_of_rows[0]] if cells_of_rows else []
    name_at = next((at for at, cell in enumerate(head) if re.fullmatch(r"(variable|column|field|feature|attribute|header|name|code|item)s?( name| code)?", cell)), None)
    text_at = next((at for at, cell in enumerate(head) if at != name_at and re.search(r"descri|defin|meaning|label|explan|question|content|detail|text|comment", cell)), None)
    for cells in cells_of_rows:
        if name_at is not None and text_at is not None and max(name_at, text_at) < len(cells):
            for name in _names(cells[name_at]):
                yield name, cells[text_at]
            continue
        first = 1 if len(cells) > 2 and re.fullmatch(r"\[?,?\s*\d+\]?\.?", cells[0].strip()) else 0
        if len(cells) < first + 2:
            continue
        rest = [cell for cell in cells[first + 1 :] if not re.fullmatch(r"\W*(numeric|integer|character|factor|logical|double|string|int|num|chr|float|text|date|number|bool(ean)?|categorical|continuous|nominal|ordinal)\W*", cell.strip(), re.IGNORECASE)]
        if rest:
            for name in _names(cells[first]):
                yield name, max(rest, key=len) if len(rest) > 2 else " ".join(rest)


def _grid_tables(lines: list[str]) -> Iterator[Pair]:
    rows: list[list[str]] = []
    current: list[str] | None = None
    for line in [*lines, ""]:
        if re.match(r"^\+[-=+]{3,}\+?\s*$", line):
            if current is not None and any(cell.strip() for cell in current):
                rows.append(current)
            current = []
        elif line.startswith("|") and current is not None:
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if not current:
                current = cells
            elif len(cells) == len(current):
                current = [f"{before} {more}".strip() for before, more in zip(current, cells)]
        else:
            if rows:
                yield from _rows(rows)
            rows, current = [], None


def _simple_tables(lines: list[str]) -> Iterator[Pair]:
    index = 0
    while index < len(lines):
        rule = lines[index]
        if not re.match(r"^\s*={2,}( +={2,})+\s*$", rule):
            index += 1
            continue
        spans = [(found.start(), found.end()) for found in re.finditer(r"=+", rule)]
        spans[-1] = (spans[-1][0], 10_000)
        rows: list[list[str]] = []
        index += 1
        while index < len(lines):
            line = lines[index]
            index += 1
            if re.match(r"^\s*={2,}( +={2,})+\s*$", line):
                following = lines[index] if index < len(lines) else ""
                if not following.strip():
                    break
                continue
            cells = [line[start : spans[at + 1][0] if at + 1 < len(spans) else None].strip() for at, (start, _) in enumerate(spans)]
            if not any(cells):
                continue
            if not cells[0] and rows:
                rows[-1] = [f"{before} {more}".strip() for before, more in zip(rows[-1], cells)]
            else:
                rows.append(cells)
        yield from _rows(rows)


def _pipe_tables(lines: list[str]) -> Iterator[Pair]:
    rows: list[list[str]] = []
    for line in [*lines, ""]:
        stripped = line.strip()
        if stripped.count("|") >= 1 and not stripped.startswith("+"):
            if re.fullmatch(r"[|:\-\s]+", stripped):
                continue
            rows.append([cell.strip() for cell in re.sub(r"^\||\|$", "", stripped).split("|")])
            continue
        if len(rows) >= 2:
            yield from _rows(rows)
        rows = []


def _definitions(lines: list[str]) -> Iterator[Pair]:
    """A term on its own line, its text indented below."""
    index = 0
    while index + 1 < len(lines):
        line, following = lines[index], lines[index + 1]
        indent = len(line) - len(line.lstrip())
        deeper = bool(following.strip()) and len(following) - len(following.lstrip()) > indent
        if not (line.strip() and deeper and len(line.strip()) <= 300) or line.lstrip().startswith((".. ", "- ", "* ")):
            index += 1
            continue
        end = index + 1
        body: list[str] = []
        while end < len(lines):
            text = lines[end]
            if text.strip() and len(text) - len(text.lstrip()) <= indent:
                break
            if not text.strip():
                after = lines[end + 1] if end + 1 < len(lines) else ""
                if not after.strip() or len(after) - len(after.lstrip()) <= indent:
                    break
            body.append(text.strip())
            end += 1
        for name in _names(line.strip()):
            yield name, " ".join(body)
        index = end if indent == 0 else index + 1


_BULLET = re.compile(
    r"^\s*(?:[-*•o·]|\d{1,3}[.)]|\(?\d{1,3}\)|\[\d+\])\s+(?P<name>(?:\*\*|``|`|\")?[^\s:*`\"][^:*`\"]{0,60}?(?:\*\*|``|`|\")?)\s*(?:\([^)]{0,40}\))?\s*(?P<sign>:\*\*|:|\s[-–—=]\s|--+|\.\s|,\s|\t)\s*(?P<text>.+)$"
)
_MARKED = re.compile(r"^\s*(?:[-*•]\s+)?(?:\*\*|``|`)(?P<name>[^*`]{1,60}?):?\s*(?:\*\*|``|`)\s*(?:\([^)]{0,40}\))?\s*[:\-–—=.]*\s*(?P<text>.+)$")


def _bullets(lines: list[str]) -> Iterator[Pair]:
    for index, line in enumerate(lines):
        found = _MARKED.match(line) or _BULLET.match(line)
        if not found or (_ABOUT.match(found["name"].strip("*`\" ")) and not re.search(r"[`*\"]", found[0].split(found["name"].strip("*`"))[0][-2:])):
            continue
        indent = len(line) - len(line.lstrip())
        body = [found["text"]]
        for text in lines[index + 1 : index + 8]:
            if not text.strip() or len(text) - len(text.lstrip()) <= indent or _BULLET.match(text) or _MARKED.match(text):
                break
            body.append(text.strip())
        for name in _names(found["name"]):
            yield name, " ".join(body)


_LINE = re.compile(r"^\s*[\[(]?(?P<name>[A-Za-z][\w.\-/ ]{0,40}?)[\])]?\s*(?P<sign>:|\s[-–—=]+\s|\t|\.{3,}|\s{3,}|\.\s)\s*(?P<text>\S.{2,})$")
_CODE = re.compile(r"^\s*[\[(]?(?P<name>[A-Za-z]{1,8}[_.]?\d{1,3}[A-Za-z]?(?:[_.]\d{1,3})?)[\])]?[.:)]?\s+(?P<text>[A-Z\[(“\"].{5,})$")


# Heads of paragraphs about the dataset as a whole.
_ABOUT = re.compile(r"^(source|paths?(\(s\))?|licen[cs]e|notes?|title|authors?|date|description|usage|format|details|references?|see also|examples?|citation|contact|version|url|doi|abstract|keywords?|width|height|size|name|type|origin.*|index)$", re.IGNORECASE)


def _plain(lines: list[str]) -> Iterator[Pair]:
    """`name: text` and `Q12 Which of …` on a line of their own; the text runs on to the next such line or gap."""
    for index, line in enumerate(lines):
        found = _CODE.match(line) or _LINE.match(line)
        if not found or _ABOUT.match(found["name"].strip()):
            continue
        body = [found["text"]]
        for text in lines[index + 1 : index + 4]:
            if not text.strip() or _CODE.match(text) or _LINE.match(text) or re.match(r"^\s*[-*•\d]", text) or body[-1].rstrip().endswith((".", "?", ":")):
                break
            body.append(text.strip())
        for name in _names(found["name"]):
            yield name, " ".join(body)


def _dictionary_file(text: str, separator: str) -> Iterator[Pair]:
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=separator) if len(row) >= 2]
    except csv.Error:
        return
    if rows:
        yield from _rows(rows[:3000])
