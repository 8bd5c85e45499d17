"""A table that was read by its recipe: of bounded size, under usable names."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from .head import open_bytes
from .joins import join_lists
from .names import tidy_names
from .sniff import NotATable
from .view import load_table

WHOLE_BYTES = 24 * 2**20
HEAD_BYTES = 4 * 2**20
MOST_COLUMNS = 20_000


@dataclass
class Table:
    """One table: `frame` holds all rows, or the first ones when `whole` is false."""

    name: str
    recipe: dict[str, Any]
    frame: pd.DataFrame
    rows: int
    whole: bool = True
    notes: list[str] = field(default_factory=list)
    published: dict[str, Any] | None = None
    labels: list[str] = field(default_factory=list)
    query: str | None = None

    @property
    def path(self) -> str:
        return self.recipe["paths"][0]


def stem_of(path: str) -> str:
    """The name of a file without its endings."""
    return Path(path).name.split(".")[0] or Path(path).name


def checked(raw: Path, name: str, recipe: dict[str, Any], notes: list[str] | None = None) -> Table:
    """Reads the recipe's table and puts its column names in order."""
    frame = load_table(raw, recipe)
    return named(Table(name, recipe, frame, len(frame), True, list(notes or [])))


def named(table: Table) -> Table:
    """Gives usable names to columns (by the options `rename` or `names`)."""
    frame = table.frame
    if frame.shape[1] > MOST_COLUMNS:
        raise NotATable(f"it has {frame.shape[1]:,} columns; at most {MOST_COLUMNS:,} are read")
    if frame.shape[1] == 0 or len(frame) == 0:
        raise NotATable("it has no rows")
    given = list(frame.columns)
    tidied = tidy_names(given)
    if given != tidied:
        options = table.recipe["options"]
        if len(set(given)) == len(given) and all(isinstance(name, str) for name in given) and "names" not in options:
            options["rename"] = {**options.get("rename", {}), **{a: b for a, b in zip(given, tidied) if a != b}}
        else:
            options["names"] = tidied
        frame.columns = tidied
    for name in frame.select_dtypes("object").columns:
        cells = frame[name].dropna().head(20)
        if any(isinstance(cell, bytes) or (isinstance(cell, dict) and "bytes" in cell) for cell in cells):
            raise NotATable(f"its column {name!r} holds files (bytes); export them as files beside a table")
    table.frame = join_lists(frame)
    return table


def read_delimited(raw: Path, recipe: dict[str, Any]) -> tuple[pd.DataFrame, int, bool]:
    """Reads a delimited table, of a long file the first rows only; skips spoilt lines when they are few."""
    path = recipe["paths"][0]
    size = (raw / path).stat().st_size
    if size <= (WHOLE_BYTES if recipe["options"].get("compression") is None else HEAD_BYTES // 4):
        frame = read_tolerantly(raw, recipe)
        return frame, len(frame), True
    with tempfile.TemporaryDirectory() as folder:
        head = Path(folder) / "head.csv"
        lines, last = 0, b""
        with open_bytes(raw / path) as source, open(head, "wb") as target:
            content = source.read(HEAD_BYTES)
            while block := source.read(2**22):
                if not lines:
                    cut = content.rfind(b"\n") + 1
                    lines = content[cut:].count(b"\n")
                    content = content[:cut] or content
                lines += block.count(b"\n")
                last = block
            lines += bool(lines) and not last.endswith(b"\n")
            target.write(content)
        options = {name: value for name, value in recipe["options"].items() if name != "compression"}
        probe = {"reader": "delimited", "paths": ["head.csv"], "options": options}
        frame = read_tolerantly(Path(folder), probe)
        if options.get("skip_bad_lines"):
            recipe["options"]["skip_bad_lines"] = True
    return frame, len(frame) + lines, lines == 0


def read_tolerantly(raw: Path, recipe: dict[str, Any]) -> pd.DataFrame:
    """Reads a table; spoilt lines are skipped where it cannot be read otherwise."""
    try:
        return load_table(raw, recipe)
    except (pd.errors.ParserError, UnicodeError) as problem:
        recipe["options"]["skip_bad_lines"] = True
        try:
            return load_table(raw, recipe)
        except (ValueError, OSError) as second:
            raise NotATable(f"it cannot be read as a table ({str(second)[:200]})") from problem
    except (ValueError, KeyError, OSError) as problem:
        raise NotATable(f"it cannot be read as a table ({str(problem)[:200]})") from problem
