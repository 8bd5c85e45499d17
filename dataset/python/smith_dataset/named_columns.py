"""Names of the columns of a table without a header, from a documentation that lists them in order."""

from __future__ import annotations

import re

from .names import tidy_names

ATTRIBUTES = re.compile(r"attribute|variable|column|feature|field", re.I)
NUMBERED = re.compile(r"^\s*(?:#\s*)?(\d{1,3})\s*[.):]\s*(.+)$")
LISTED = re.compile(r"^[\s*-]*([A-Za-z][\w.-]{0,40})\s*:\s*(continuous|numeric|real|integer|nominal|ignore|[^.]{1,200}(,[^,]{1,60}){1,})\.?\s*$", re.I)


def names_from(text: str, width: int) -> list[str] | None:
    """Names for exactly `width` columns, or None when the text has no list of that length.

    Two forms are known: a list numbered 1 to `width`, and lines `name: values` (C4.5 names files, which do not list
    the class, the last column).
    """
    for run in _numbered_runs(text):
        if len(run) == width and (names := _short(run)) is not None:
            return names
    run = [match.group(1) for line in text.split("\n") if (match := LISTED.match(line))]
    if len(run) == width and (names := _short(run)) is not None:
        return names
    if len(run) == width - 1 and (names := _short([*run, "class"])) is not None:
        return names
    return None


def _numbered_runs(text: str) -> list[list[str]]:
    """Items of lists of attributes that count 1, 2, 3 … at the beginnings of lines."""
    runs: list[list[str]] = []
    listing = False
    lines = text.split("\n")
    for position, line in enumerate(lines):
        match = NUMBERED.match(line)
        if match is None:
            continue
        number = int(match.group(1))
        if number == 1:
            # Other things are numbered too: steps, references. The words before the list say what it lists.
            listing = ATTRIBUTES.search(" ".join(lines[max(0, position - 8) : position])) is not None
            if listing:
                runs.append([match.group(2)])
        elif listing and number == len(runs[-1]) + 1:
            runs[-1].append(match.group(2))
    return runs


def _short(items: list[str]) -> list[str] | None:
    """The names at the heads of list items; None when they are sentences or not distinct."""
    names = []
    for item in items:
        head = re.split(r"\s*[:=(\t]|\s{2,}|\s--?\s|\.{2,}|,", item.strip())[0].strip(" .*-\"'`")
        if not head or len(head) > 60 or len(head.split()) > 7 or not re.search(r"[A-Za-z]", head):
            return None
        names.append(head)
    return tidy_names(list(names)) if len(set(names)) == len(names) else None
