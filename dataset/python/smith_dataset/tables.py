"""Tables of a dataset: a recipe for each, checked by reading it."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from .head import open_bytes
from .sniff import NotATable, sniff_delimited
from .view import load_table

WHOLE_BYTES = 24 * 2**20
HEAD_BYTES = 4 * 2**20


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


def delimited_table(raw: Path, path: str) -> Table:
    """The table in a delimited text file, or NotATable."""
    layout = sniff_delimited(raw / path)
    if layout.columns < 2:
        raise NotATable("it has a single column" if not layout.prose else "it is running text")
    if layout.prose and layout.consistency < 0.9:
        raise NotATable("it is running text")
    if layout.consistency < 0.6:
        raise NotATable("its lines do not have the same number of cells")
    recipe = {"reader": "delimited", "paths": [path], "options": layout.options}
    notes = list(layout.notes)
    frame, rows, whole = _read(raw, recipe)
    return Table(Path(path).name.split(".")[0], recipe, frame, rows, whole, notes)


def _read(raw: Path, recipe: dict[str, Any]) -> tuple[pd.DataFrame, int, bool]:
    """Reads a delimited table, of a long file the first rows only; skips spoilt lines when they are few."""
    path = recipe["paths"][0]
    size = (raw / path).stat().st_size
    if size <= WHOLE_BYTES and recipe["options"].get("compression") is None:
        frame = _tolerant(raw, recipe)
        return frame, len(frame), True
    with tempfile.TemporaryDirectory() as folder:
        head = Path(folder) / "head.csv"
        with open_bytes(raw / path) as source, open(head, "wb") as target:
            content = source.read(HEAD_BYTES)
            rest = source.read(1)
            lines = 0
            if rest:
                while block := source.read(2**22):
                    lines += block.count(b"\n")
                content = content[: content.rfind(b"\n") + 1] or content
            target.write(content)
        options = {name: value for name, value in recipe["options"].items() if name != "compression"}
        probe = {"reader": "delimited", "paths": ["head.csv"], "options": options}
        frame = _tolerant(Path(folder), probe)
        if probe["options"].get("skip_bad_lines"):
            recipe["options"]["skip_bad_lines"] = True
        shutil.rmtree(folder, ignore_errors=True)
        Path(folder).mkdir(exist_ok=True)
    return frame, len(frame) + lines, not rest


def _tolerant(raw: Path, recipe: dict[str, Any]) -> pd.DataFrame:
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
