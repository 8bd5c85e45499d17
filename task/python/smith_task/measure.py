"""Measures the files of a prepared task, for its description and manifest: only what a reader of the files sees."""

from __future__ import annotations

import math
import warnings
import wave
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

# Tables with more columns are measured column by column only where a column is not numeric, or among the last ones.
MOST_DETAILED = 300
CLIP = 80
FEWEST_OF_GRID, MOST_OF_GRID, MOST_KEYS = 50, 200_000, 12


def measure_prepared(tree: Path) -> dict[str, Any]:
    """Tables of public and private with their columns, and the other files by folder and extension."""
    tables, others, files = [], {}, []
    for path in sorted(tree.rglob("*")):
        if not path.is_file():
            continue
        name = path.relative_to(tree).as_posix()
        if path.suffix == ".csv" and path.parent in (tree / "public", tree / "private"):
            tables.append(measure_table(path, name))
        else:
            folder = path.parent.relative_to(tree).as_posix()
            group = others.setdefault((folder, path.suffix.lower()), {"files": 0, "bytes": 0, "example": name})
            group["files"] += 1
            group["bytes"] += path.stat().st_size
        if len(files) < 100:
            files.append(name)
    groups = []
    for (folder, extension), facts in others.items():
        paths = sorted((tree / folder).glob(f"*{extension}"))
        sample = paths[:: max(1, len(paths) // 200)]
        groups.append({"folder": folder, "extension": extension, **facts, "note": note_of(sample)})
    return {"tables": tables, "folders": groups, "paths": files}


def measure_table(path: Path, name: str) -> dict[str, Any]:
    """Rows and columns of one CSV file, as pandas reads it by default, and its first lines."""
    facts: dict[str, Any] = {"path": name, "bytes": path.stat().st_size}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            table = pd.read_csv(path, low_memory=False)
    except (ValueError, UnicodeDecodeError, pd.errors.ParserError) as error:
        return {**facts, "problem": str(error)[:300], "rows": 0, "width": 0, "columns": [], "grid": [], "head": []}
    wide = table.shape[1] > MOST_DETAILED
    columns = measure_wide(table) if wide else [measure_column(table[column]) for column in table.columns]
    return {
        **facts,
        "problem": None,
        "rows": len(table),
        "width": table.shape[1],
        "columns": columns,
        "grid": [] if wide else grid_of(table),
        "head": first_lines(path),
    }


def grid_of(table: pd.DataFrame) -> list[str]:
    """
    Two or three columns of which each row is one combination ("a city in a month"), at least half of all that there could be: fewer
    may differ by chance. Empty where there are none.
    """
    rows = len(table)
    if not FEWEST_OF_GRID <= rows <= MOST_OF_GRID:
        return []
    distinct = {name: table[name].nunique() for name in table.columns if table[name].notna().all() and not is_fraction(table[name])}
    keys = [name for name, number in distinct.items() if 2 <= number <= rows / 2]
    for size in (2, 3):
        for names in combinations(keys[:MOST_KEYS], size):
            places = math.prod(distinct[name] for name in names)
            if rows <= places <= 2 * rows and not table.duplicated(list(names)).any():
                return [str(name)[:200] for name in names]
    return []


def is_fraction(column: pd.Series) -> bool:
    """Whether a number of the column is not whole."""
    return column.dtype.kind == "f" and bool((column % 1 != 0).any())


def first_lines(path: Path, most: int = 6) -> list[str]:
    """The first lines of the file as they are, where they are short."""
    with open(path, encoding="utf-8", errors="replace", newline="") as file:
        return [line.rstrip("\r\n")[:2000] for line, _ in zip(file, range(most))]


def measure_column(column: pd.Series) -> dict[str, Any]:
    """Type, missing share, distinct values, range, most frequent values and examples of a column."""
    known = column.dropna()
    facts: dict[str, Any] = {
        "name": str(column.name)[:200],
        "missing": float(np.round(1 - len(known) / max(len(column), 1), 6)),
        "distinct": int(known.nunique()),
        "min": None,
        "max": None,
        "mean": None,
        "median": None,
        "words": None,
        "values": [],
        "examples": [],
    }
    if known.empty:
        return {**facts, "type": "empty"}
    if pd.api.types.is_bool_dtype(known):
        kind = "boolean"
    elif pd.api.types.is_numeric_dtype(known):
        whole = bool((known % 1 == 0).all()) if np.isfinite(known).all() else False
        kind = "integer" if whole else "number"
        for key in ("min", "max", "mean", "median"):
            value = getattr(known, key)()
            facts[key] = float(value) if np.isfinite(value) else None
    else:
        known = known.astype(str)
        words = float(known.head(2000).str.count(r"\S+").mean())
        facts["words"] = round(words, 2)
        if facts["distinct"] <= 60 and facts["distinct"] < 0.5 * len(known):
            kind = "category"
        elif is_time(known):
            kind = "datetime"
        else:
            kind = "text" if words > 3 else "string"
    if facts["distinct"] <= 60:
        counts = known.value_counts(sort=False)
        ordered = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
        facts["values"] = [[show(value), int(number)] for value, number in ordered]
    if kind == "datetime":
        facts["examples"] = [show(known.min()), show(known.max())]
    else:
        facts["examples"] = [show(value) for value in known.drop_duplicates().head(3)]
    return {**facts, "type": kind}


def measure_wide(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The same for very many columns: numbers all at once, without examples and frequent values."""
    numeric = [name for name in table.columns[:-20] if table[name].dtype.kind in "iuf"]
    numbers = table[numeric].to_numpy(dtype=float)
    known = np.isfinite(numbers)
    missing = np.isnan(numbers).mean(axis=0)
    ordered = np.sort(numbers, axis=0)
    changes = (ordered[1:] != ordered[:-1]) & np.isfinite(ordered[1:])
    distinct = changes.sum(axis=0) + known.any(axis=0)
    facts = {}
    for position, name in enumerate(numeric):
        values = numbers[known[:, position], position]
        whole = bool(len(values) and (values % 1 == 0).all())
        facts[name] = {
            "name": str(name)[:200],
            "type": "integer" if whole else "number" if len(values) else "empty",
            "missing": float(np.round(missing[position], 6)),
            "distinct": int(distinct[position]),
            "min": float(values.min()) if len(values) else None,
            "max": float(values.max()) if len(values) else None,
            "mean": float(values.mean()) if len(values) else None,
            "median": float(np.median(values)) if len(values) else None,
            "words": None,
            "values": [],
            "examples": [],
        }
    return [facts[name] if name in facts else measure_column(table[name]) for name in table.columns]


def is_time(known: pd.Series) -> bool:
    """Whether the texts are dates in ISO form."""
    clock = r"[T ]\d\d:\d\d(:\d\d)?(\.\d+)?"
    return bool(known.head(200).str.fullmatch(rf"\d{{4}}-\d\d(-\d\d({clock})?)?(Z|[+-]\d\d:?\d\d)?").all())


def show(value: object) -> str:
    """A value as short text; whole numbers without a decimal point."""
    if isinstance(value, (float, np.floating)) and float(value).is_integer() and abs(value) < 1e15:
        value = int(value)
    return str(value)[:CLIP]


def note_of(paths: list[Path]) -> str | None:
    """What files of one folder are like, by up to 200 of them; None where it cannot be told."""
    try:
        if paths[0].suffix == ".wav":
            return recordings_note(paths)
        if paths[0].suffix == ".csv":
            return series_note(paths)
        if paths[0].suffix in (".png", ".jpg", ".gif", ".bmp", ".webp", ".tif", ".tiff"):
            return pictures_note(paths)
    except Exception:  # files of anybody: a damaged one is the task's concern, not this description's
        return None
    return None


def pictures_note(paths: list[Path]) -> str:
    """Size and colour of most pictures."""
    from PIL import Image

    forms: Counter[tuple[int, int, str]] = Counter()
    for path in paths:
        with Image.open(path) as picture:
            forms[(*picture.size, picture.mode)] += 1
    (width, height, mode), number = forms.most_common(1)[0]
    kind = {"L": "grey", "RGB": "in colour", "RGBA": "in colour", "P": "in colour", "1": "black and white"}
    if number * 2 <= len(paths):
        return "Sizes differ"
    return f"{'Typically' if len(forms) > 1 else 'About'} {width} × {height} pixels, {kind.get(mode, 'mode ' + mode)}"


def recordings_note(paths: list[Path]) -> str:
    """Rate, channels and length of recordings."""
    rates, channels, seconds = set(), set(), []
    for path in paths:
        with wave.open(str(path)) as recording:
            rates.add(recording.getframerate())
            channels.add(recording.getnchannels())
            seconds.append(recording.getnframes() / recording.getframerate())
    rate = f"{min(rates):,} Hz" if len(rates) == 1 else f"{min(rates):,} to {max(rates):,} Hz"
    kind = "mono" if channels == {1} else "stereo" if channels == {2} else f"{min(channels)} to {max(channels)} channels"
    return f"{rate}, {kind}, about {min(seconds):.2g} to {max(seconds):.2g} seconds long"


def series_note(paths: list[Path]) -> str:
    """Columns and number of rows of series."""
    headers, lengths = set(), []
    for path in paths:
        with open(path, encoding="utf-8", newline="") as file:
            headers.add(file.readline().strip())
            lengths.append(sum(1 for _ in file))
    columns = f"Columns: {headers.pop().replace(',', ', ')}; " if len(headers) == 1 else ""
    return f"{columns}about {min(lengths):,} to {max(lengths):,} rows"
