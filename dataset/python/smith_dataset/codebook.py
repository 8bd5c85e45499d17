"""What the dataset's documentation says of its columns: R help pages, tables, lists, data dictionaries."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .columns import Column, texts_of
from .text import DESCRIPTION_LIMIT, clip, key_of, printable


@dataclass
class Entry:
    """One documented column."""

    text: str
    labels: dict[str, str] = field(default_factory=dict)


@dataclass
class Codebook:
    """Entries by key of the column's name (see `key_of`)."""

    entries: dict[str, Entry] = field(default_factory=dict)

    def add(self, name: str, text: str) -> None:
        key = key_of(name)
        text = clean(text)
        if key and len(text) > 1 and key not in self.entries:
            self.entries[key] = Entry(text)


def clean(text: str) -> str:
    """Prose without the markup of reStructuredText, Markdown and R."""
    text = re.sub(r"``([^`]*)``|`([^`<]*?)(?: <[^>]*>)?`_?_?", lambda found: found[1] or found[2] or "", text)
    text = re.sub(r"\*\*([^*]*)\*\*|(?<!\w)\*([^*]+)\*(?!\w)", lambda found: found[1] or found[2] or "", text)
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
    text = text.replace("\\*", "*").replace("\\_", "_").replace("\\|", "|").replace("\\$", "$")
    return printable(text).strip(" ;,")


def read_codebook(documents: list[dict[str, str]]) -> Codebook:
    book = Codebook()
    for document in documents:
        _definitions(document["text"], book)
    return book


_ITEM = re.compile(r"^\s{0,4}(?:[-*•]\s+)?(?:\*\*|``|`)(?P<name>[^*`\n]{1,80}?):?(?:\*\*|``|`):?\s*(?:[-–—:=]\s*)?(?P<text>.*)$")
_TERM = re.compile(r"^(?P<name>\S.{0,80})$")


def _definitions(text: str, book: Codebook) -> None:
    lines = text.splitlines()
    index = 0
    while index < len(lines):
        line = lines[index]
        following = lines[index + 1] if index + 1 < len(lines) else ""
        indented = following[:1] in (" ", "\t") and following.strip()
        term = _TERM.match(line)
        if term and indented and not line[:1].isspace() and not line.startswith((".. ", "- ", "* ")):
            end = index + 1
            body = []
            while end < len(lines) and (lines[end][:1] in (" ", "\t") or not lines[end].strip()):
                if not lines[end].strip() and not (end + 1 < len(lines) and lines[end + 1][:1] in (" ", "\t")):
                    break
                body.append(lines[end].strip())
                end += 1
            for name in re.split(r"\s*,\s*", line.strip()):
                book.add(clean(name.strip("` :")), " ".join(body))
            index = end
            continue
        item = _ITEM.match(line)
        if item:
            body = [item["text"]]
            end = index + 1
            while end < len(lines) and lines[end].strip() and lines[end][:1] in (" ", "\t"):
                body.append(lines[end].strip())
                end += 1
            book.add(clean(item["name"]), " ".join(body))
            index = end
            continue
        index += 1


def describe_columns(columns: list[Column], book: Codebook) -> None:
    """Gives each column what the codebook says of it."""
    for column in columns:
        entry = book.entries.get(key_of(column.name))
        if entry is None and "." in column.name:
            entry = book.entries.get(key_of(column.name.rsplit(".", 1)[1]))
        if entry is None:
            continue
        column.description = short(entry.text)
        column.labels = labels_in(entry.text, column)


def short(text: str) -> str:
    """The first one or two sentences, at most `DESCRIPTION_LIMIT` characters."""
    sentences = re.split(r"(?<=[.!?])\s+(?=[A-Z(])", text)
    result = sentences[0]
    for sentence in sentences[1:3]:
        if len(result) + len(sentence) + 1 > DESCRIPTION_LIMIT:
            break
        result += " " + sentence
    return clip(result, DESCRIPTION_LIMIT)


_LABEL = re.compile(r"(?<![\w.])(-?\d{1,4})\s*(?:=|:|-|–|\))\s*[\"'“]?([A-Za-z<>≤≥][^,;=\n\"”]*?)[\"'”]?\s*(?=[,;.)]|$|\s-?\d{1,4}\s*[=:])")


def labels_in(text: str, column: Column) -> dict[str, str]:
    """Meanings of codes such as `1 = male, 2 = female` that are values of the column."""
    found = {code: printable(label)[:80] for code, label in _LABEL.findall(text)}
    if len(found) < 2 or column.distinct > 60:
        return {}
    values = set(texts_of(column))
    kept = {code: label for code, label in found.items() if code in values}
    return kept if len(kept) >= 2 else {}


def title_of(documents: list[dict[str, str]]) -> str | None:
    """First heading of the first document."""
    for document in documents:
        lines = document["text"].splitlines()
        for index, line in enumerate(lines[:60]):
            if line.startswith("# "):
                return clean(line[2:])
            below = lines[index + 1] if index + 1 < len(lines) else ""
            if line.strip() and re.match(r"^(-{4,}|={4,})$", below.strip()) and "R Documentation" not in line and not line.startswith("="):
                return clean(line)
    return None
