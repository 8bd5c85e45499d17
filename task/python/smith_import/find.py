"""Which public file is train, and which is test."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from smith_import import tables

_TRAIN = re.compile(r"^(train|training|labels|train[_-]?(labels|data|set)|training[_-]?(labels|data|set))\.", re.IGNORECASE)
_TEST = re.compile(r"^(test|test[_-]?(data|set|features)|testing)\.", re.IGNORECASE)
MOST_TABLES = 40


class NotFound(Exception):
    """A part of a task that cannot be told; the text says what to name."""


def public_tables(public: Path) -> list[Path]:
    """Tables of the public folder, those at the top first; not those of a series of many."""
    found = [path for path in sorted(public.rglob("*")) if path.is_file() and tables.is_table(path)]
    return sorted(found, key=lambda path: (len(path.relative_to(public).parts), str(path)))[:MOST_TABLES]


def find_tables(public: Path, sample: Path, given: dict[str, str | None], wanted: list[str]) -> tuple[Path, Path | None]:
    """Train and test; `wanted` are the columns that train should have. Test is None where there is none."""
    others = [path for path in public_tables(public) if path != sample]
    train = _given(public, given.get("train")) or _named(others, _TRAIN) or _holding(others, wanted)
    if train is None:
        raise NotFound("no table of training rows was found among the public files: name it with --train")
    test = _given(public, given.get("test")) or _named([path for path in others if path != train], _TEST)
    return train, test


def _given(public: Path, name: str | None) -> Path | None:
    if name is None:
        return None
    path = public / name
    if not path.is_file():
        raise NotFound(f"there is no public file {name}")
    return path


def _named(paths: list[Path], pattern: re.Pattern[str]) -> Path | None:
    named = [path for path in paths if pattern.match(path.name)]
    # A table of labels describes less than the table of training rows beside it.
    return min(named, key=lambda path: ("label" in path.name.lower(), len(path.parts)), default=None)


def _holding(paths: list[Path], columns: list[str]) -> Path | None:
    for path in paths:
        try:
            frame: pd.DataFrame = tables.read(path)
        except tables.Unreadable:
            continue
        if columns and set(columns) <= set(frame.columns):
            return path
    return None
