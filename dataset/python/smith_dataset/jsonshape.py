"""Tables inside JSON documents: where they lie and of which shape they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .encoding import find_encoding
from .head import open_bytes
from .sniff import NotATable

LARGEST = 256 * 2**20
MOST_TABLES = 40


def json_recipes(raw: Path, path: str) -> list[tuple[str, dict[str, Any]]]:
    """(name, recipe) of each table of a JSON or JSON-lines file; NotATable when there is none."""
    if (raw / path).stat().st_size > LARGEST:
        raise NotATable("a JSON file of more than 256 MB is not read")
    encoding = find_encoding(raw / path)
    if encoding is None:
        raise NotATable("its bytes are not text")
    with open_bytes(raw / path) as file:
        text = file.read(LARGEST + 1).decode(encoding, errors="replace")
    stem = Path(path).name.split(".")[0]
    extra = {} if encoding == "utf-8" else {"encoding": encoding}
    try:
        data = json.loads(text)
    except RecursionError:
        raise NotATable("its JSON is nested too deep") from None
    except ValueError as problem:
        if _are_lines(text):
            return [(stem, {"reader": "jsonl", "paths": [path], "options": extra})]
        raise NotATable(f"it is not valid JSON ({str(problem)[:120]})") from None
    try:
        found = _tables(data, [], 0)
    except RecursionError:
        raise NotATable("its JSON is nested too deep") from None
    if not found:
        raise NotATable("its JSON holds no list of records")
    result = []
    for pointer, options in found[:MOST_TABLES]:
        name = stem if len(found) == 1 else str(pointer[-1] if pointer else stem)[:60]
        recipe = {"reader": "json", "paths": [path], "options": {**options, **({"pointer": pointer} if pointer else {}), **extra}}
        result.append((name, recipe))
    return result


def _are_lines(text: str) -> bool:
    lines = [line for line in text.split("\n", 2000)[:2000] if line.strip()]
    if len(lines) < 2:
        return False
    try:
        values = [json.loads(line) for line in lines[:-1]]
    except (ValueError, RecursionError):
        return False
    return all(isinstance(value, dict) for value in values) or all(isinstance(value, list) for value in values)


def _is_rows(value: Any) -> bool:
    """A list of objects, or of lists of scalars of about one length."""
    if not isinstance(value, list) or len(value) < 2:
        return False
    head = value[:200]
    if all(isinstance(item, dict) for item in head):
        return True
    if all(isinstance(item, list) and item for item in head):
        flat = all(not isinstance(cell, (list, dict)) for item in head for cell in item)
        return flat and len({len(item) for item in head}) == 1 and len(head[0]) > 1
    return False


def _tables(data: Any, pointer: list[str], depth: int) -> list[tuple[list[str], dict[str, Any]]]:
    if _is_rows(data):
        return [(pointer, {})]
    if not isinstance(data, dict) or not data or depth > 4:
        return []
    keys, values = list(data), list(data.values())
    if isinstance(data.get("columns"), list) and _is_rows(data.get("data")):
        return [([*pointer, "data"], {"names": [str(name) for name in data["columns"]]})]
    if _is_rows(data.get("features")) and data.get("type") == "FeatureCollection":
        return [([*pointer, "features"], {})]
    rows = [key for key, value in data.items() if _is_rows(value)]
    if len(rows) >= 2 and len(rows) >= 0.8 * len(keys):
        layouts = {_layout(data[key]) for key in rows}
        if len(layouts) == 1:
            options: dict[str, Any] = {"shape": "parts"}
            if len(rows) < len(keys):
                options["keys"] = rows
            if "part" in next(iter(layouts)):
                options["part_column"] = "source_part"
            return [(pointer, options)]
    if rows and not (len(rows) < 0.8 * len(keys) and all(isinstance(value, list) for value in values)):
        nested = [entry for key in keys if key not in rows for entry in _tables(data[key], [*pointer, key], depth + 1) if depth < 1]
        return [([*pointer, key], {}) for key in rows] + nested
    scalar = (str, int, float, bool, type(None))
    if len(keys) >= 2 and all(isinstance(value, list) for value in values):
        lengths = {len(value) for value in values}
        flat = all(isinstance(cell, scalar) for value in values for cell in value[:50])
        length = lengths.pop() if len(lengths) == 1 else 0
        numbers = all(key.isdigit() for key in keys)
        if flat and length >= 2 and not numbers and length >= len(keys) / 4:
            return [(pointer, {"shape": "columns"})]
        return [(pointer, {"shape": "index"})] if len(keys) >= 5 else []
    if len(keys) >= 2 and all(isinstance(value, dict) and value for value in values):
        inner = [set(value) for value in values[:200]]
        if all(isinstance(cell, scalar) for value in values[:50] for cell in list(value.values())[:50]):
            positions = all(key.isdigit() for key in list(values[0])[:50])
            if positions and all(keys_ == inner[0] for keys_ in inner) and len(inner[0]) >= 2:
                return [(pointer, {"shape": "columns"})]
        common = set.intersection(*inner)
        if len(keys) >= 5 and common and len(common) >= 0.3 * max(map(len, inner)):
            return [(pointer, {"shape": "index"})]
    if len(keys) >= 20 and all(isinstance(value, scalar) for value in values):
        kinds = {type(value) for value in values if value is not None}
        if len(kinds) == 1 or kinds <= {int, float}:
            return [(pointer, {"shape": "index"})]
    return [entry for key in keys[:MOST_TABLES] for entry in _tables(data[key], [*pointer, key], depth + 1)]


def _layout(rows: list[Any]) -> tuple[str, ...]:
    first = rows[0]
    if isinstance(first, list):
        return ("list", str(len(first)))
    return ("dict", *sorted({key for row in rows[:50] if isinstance(row, dict) for key in row}))
