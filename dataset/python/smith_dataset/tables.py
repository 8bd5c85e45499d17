"""Tables of a dataset: a recipe for each, checked by reading it."""

from __future__ import annotations

import sqlite3
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .jsonshape import json_recipes
from .kinds import RawFile
from .reading import WHOLE_BYTES, Table, checked, named, stem_of
from .sniff import NotATable
from .text_tables import Tagged, text_table


def tables_in(raw: Path, file: RawFile, others: list[str]) -> list[Table]:
    """The tables of one file; NotATable says why there is none. `others` are the paths of all files."""
    try:
        match file.kind:
            case "json":
                return [checked(raw, name, recipe) for name, recipe in json_recipes(raw, file.path)]
            case "parquet" | "arrow":
                return [_columnar(raw, file)]
            case "excel":
                return _sheets(raw, file.path)
            case "sqlite":
                return _sqlite(raw, file.path)
            case _:
                return [text_table(raw, file, others)]
    except (NotATable, Tagged):
        raise
    except RecursionError:
        raise NotATable("it is nested too deep") from None
    except MemoryError:
        raise NotATable("it is too large for the memory") from None
    except Exception as problem:  # noqa: BLE001 - hostile files raise anything; each is set aside with its reason
        raise NotATable(f"it cannot be read ({type(problem).__name__}: {str(problem)[:160]})") from problem


def _columnar(raw: Path, file: RawFile) -> Table:
    """Parquet and Arrow: of large files the first rows only."""
    recipe: dict[str, Any] = {"reader": file.kind, "paths": [file.path], "options": {}}
    if file.size <= WHOLE_BYTES:
        table = checked(raw, stem_of(file.path), recipe)
    elif file.kind == "parquet":
        import pyarrow.parquet as parquet

        opened = parquet.ParquetFile(raw / file.path)
        frame = next(opened.iter_batches(batch_size=50_000)).to_pandas()
        table = named(Table(stem_of(file.path), recipe, frame, opened.metadata.num_rows, False))
    else:
        table = checked(raw, stem_of(file.path), recipe)
    return table


def _sheets(raw: Path, path: str) -> list[Table]:
    import openpyxl

    with zipfile.ZipFile(raw / path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > 2**30:
            raise NotATable("unpacked it has more than 1 GB")
    book = openpyxl.load_workbook(raw / path, read_only=True, data_only=True)
    heads = {sheet.title: [list(row) for row in sheet.iter_rows(max_row=30, values_only=True)] for sheet in book.worksheets}
    book.close()
    tables = []
    for title, rows in heads.items():
        filled = [sum(cell is not None and str(cell).strip() != "" for cell in row) for row in rows]
        if not filled or max(filled) < 2:
            continue
        header = next(index for index, count in enumerate(filled) if count >= 0.6 * max(filled))
        first = [cell for cell in rows[header] if cell is not None]
        options: dict[str, Any] = {"sheet": title}
        if header:
            options["skip_rows"] = header
        notes = []
        if sum(isinstance(cell, (int, float)) for cell in first) > 0.5 * len(first) and header + 1 < len(rows):
            below = [cell for cell in rows[header + 1] if cell is not None]
            if sum(isinstance(cell, (int, float)) for cell in below) >= sum(isinstance(cell, (int, float)) for cell in first):
                options["header_rows"] = 0
                notes.append("The sheet has no header: columns are numbered.")
        name = stem_of(path) if len(heads) == 1 else title
        try:
            table = checked(raw, name, {"reader": "excel", "paths": [path], "options": options}, notes)
        except (NotATable, ValueError):
            continue
        if table.frame.shape[1] >= 2:
            tables.append(table)
    if not tables:
        raise NotATable("no sheet of it holds a table")
    return tables


def _sqlite(raw: Path, path: str) -> list[Table]:
    connection = sqlite3.connect(f"file:{quote(str(raw / path))}?mode=ro&immutable=1", uri=True)
    try:
        listed = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    finally:
        connection.close()
    tables = []
    for (name,) in listed:
        if name.startswith("sqlite_"):
            continue
        try:
            tables.append(checked(raw, name, {"reader": "sqlite", "paths": [path], "options": {"table": name}}))
        except NotATable:
            continue
    if not tables:
        raise NotATable("the database has no table with rows")
    return tables
