"""Tables of a dataset: a recipe for each, checked by reading it."""

from __future__ import annotations

import re
import sqlite3
import tempfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd

from .encoding import find_encoding
from .fixed_width import fixed_width_options
from .head import head_text, open_bytes
from .joins import join_lists
from .jsonshape import json_recipes
from .kinds import RawFile
from .names import tidy_names
from .sniff import NotATable, sniff_delimited
from .view import load_table

WHOLE_BYTES = 24 * 2**20
HEAD_BYTES = 4 * 2**20
MOST_COLUMNS = 20_000
LIBSVM = re.compile(r"\S+(\s+qid:\d+)?(\s+\d+:[-+.\deE]+)+\s*(#.*)?$")
TAGS = re.compile(r"(O|[BIESLUM]-\S+)$")


class Tagged(Exception):
    """The file holds one token a line with a tag: sequence labelling."""


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


def tables_in(raw: Path, file: RawFile, others: list[str]) -> list[Table]:
    """The tables of one file; NotATable says why there is none. `others` are the paths of all files."""
    try:
        match file.kind:
            case "json":
                return [_checked(raw, name, recipe) for name, recipe in json_recipes(raw, file.path)]
            case "parquet" | "arrow":
                return [_columnar(raw, file)]
            case "excel":
                return _sheets(raw, file.path)
            case "sqlite":
                return _sqlite(raw, file.path)
            case _:
                return [_text_table(raw, file, others)]
    except (NotATable, Tagged):
        raise
    except RecursionError:
        raise NotATable("it is nested too deep") from None
    except MemoryError:
        raise NotATable("it is too large for the memory") from None
    except Exception as problem:  # noqa: BLE001 - hostile files raise anything; each is set aside with its reason
        raise NotATable(f"it cannot be read ({type(problem).__name__}: {str(problem)[:160]})") from problem


def _stem(path: str) -> str:
    return Path(path).name.split(".")[0] or Path(path).name


def _checked(raw: Path, name: str, recipe: dict[str, Any], notes: list[str] | None = None) -> Table:
    """Reads the recipe's table and puts its column names in order."""
    frame = load_table(raw, recipe)
    return _named(Table(name, recipe, frame, len(frame), True, list(notes or [])))


def _named(table: Table) -> Table:
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


def _columnar(raw: Path, file: RawFile) -> Table:
    """Parquet and Arrow: of large files the first rows only."""
    recipe: dict[str, Any] = {"reader": file.kind, "paths": [file.path], "options": {}}
    if file.size <= WHOLE_BYTES:
        table = _checked(raw, _stem(file.path), recipe)
    elif file.kind == "parquet":
        import pyarrow.parquet as parquet

        opened = parquet.ParquetFile(raw / file.path)
        frame = next(opened.iter_batches(batch_size=50_000)).to_pandas()
        table = _named(Table(_stem(file.path), recipe, frame, opened.metadata.num_rows, False))
    else:
        table = _checked(raw, _stem(file.path), recipe)
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
        name = _stem(path) if len(heads) == 1 else title
        try:
            table = _checked(raw, name, {"reader": "excel", "paths": [path], "options": options}, notes)
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
            tables.append(_checked(raw, name, {"reader": "sqlite", "paths": [path], "options": {"table": name}}))
        except NotATable:
            continue
    if not tables:
        raise NotATable("the database has no table with rows")
    return tables


def _text_table(raw: Path, file: RawFile, others: list[str]) -> Table:
    encoding = find_encoding(raw / file.path)
    if encoding is None:
        raise NotATable("its bytes are neither text nor a supported format")
    text = head_text(raw / file.path, encoding, 256 * 1024)
    lines = [line for line in text.split("\n")[:400]]
    filled = [line for line in lines if line.strip()]
    if _tagged(lines, file):
        raise Tagged(file.path)
    if len(filled) >= 3 and all(LIBSVM.match(line) for line in filled[:50]) and ":" in filled[0]:
        return _libsvm(raw, file, others)
    if any(re.match(r"@relation\s", line, re.I) for line in filled[:200]):
        return _arff(raw, file.path, encoding)
    try:
        return delimited_table(raw, file.path)
    except NotATable:
        options = fixed_width_options(text, encoding)
        if options is None:
            raise
        return _checked(raw, _stem(file.path), {"reader": "fixed", "paths": [file.path], "options": options})


def _tagged(lines: list[str], file: RawFile) -> bool:
    """CoNLL-U, or blocks of `token … tag` between blank lines."""
    if file.suffix in (".conllu", ".conll", ".conllx", ".bio", ".iob", ".iob2"):
        return True
    words = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    if len(words) < 10 or not any(not line.strip() for line in lines[:-1]):
        return False
    same = len({len(parts) for parts in words}) == 1 and len(words[0]) >= 2
    return same and all(TAGS.match(parts[-1]) for parts in words) and any(parts[-1] != "O" for parts in words)


def _libsvm(raw: Path, file: RawFile, others: list[str]) -> Table:
    options: dict[str, Any] = {}
    for candidate in (f"{file.path}.query", f"{file.path}.group"):
        if candidate in others:
            options["queries"] = [candidate]
    recipe = {"reader": "libsvm", "paths": [file.path], "options": options}
    frame = load_table(raw, recipe)
    query = "query" if "query" in frame.columns else None
    return Table(_stem(file.path), recipe, frame, len(frame), True, [], None, ["label"], query)


def _arff(raw: Path, path: str, encoding: str) -> Table:
    """ARFF: the attributes name the columns, the rows after @data are delimited text."""
    text = head_text(raw / path, encoding, 4 * 2**20)
    names = []
    for number, line in enumerate(text.split("\n")):
        match = re.match(r"@attribute\s+('(?:[^']|\\')*'|\"[^\"]*\"|\S+)\s", line.strip() + " ", re.I)
        if match:
            names.append(match.group(1).strip("'\""))
        if re.match(r"@data", line.strip(), re.I):
            following = text.split("\n")[number + 1 :]
            if any(row.strip().startswith("{") for row in following[:5]):
                raise NotATable("sparse ARFF is not supported")
            skipped = next((i for i, row in enumerate(following) if row.strip() and not row.startswith("%")), 0)
            sample = "".join(following[:200])
            options: dict[str, Any] = {
                "header_rows": 0,
                "skip_rows": number + 1 + skipped,
                "names": tidy_names(names),
                "strip": True,
                "quote": "'" if sample.count("'") > sample.count('"') else '"',
            }
            if encoding != "utf-8":
                options["encoding"] = encoding
            recipe = {"reader": "delimited", "paths": [path], "options": options}
            return _named(Table(_stem(path), recipe, *_read(raw, recipe)))
    raise NotATable("the ARFF file has no @data")


def delimited_table(raw: Path, path: str) -> Table:
    """The table in a delimited text file, or NotATable."""
    layout = sniff_delimited(raw / path)
    if layout.columns < 2:
        raise NotATable("it is running text" if layout.prose else "it has a single column")
    tabbed = layout.options.get("separator") in ("\t", "|", ";") or Path(path).suffix.lower() in (".csv", ".tsv")
    if layout.prose and (layout.consistency < 0.9 or not tabbed):
        raise NotATable("it is running text")
    if layout.consistency < 0.6:
        raise NotATable("its lines do not have the same number of cells")
    recipe = {"reader": "delimited", "paths": [path], "options": layout.options}
    frame, rows, whole = _read(raw, recipe)
    if recipe["options"].get("skip_bad_lines"):
        layout.notes.append("Lines with too many cells are left out.")
    return _named(Table(_stem(path), recipe, frame, rows, whole, list(layout.notes)))


def stack_files(raw: Path, paths: list[str], aside: list[dict[str, str]]) -> Table | None:
    """Many text tables of one layout as one table: the layout of the first is taken for all."""
    try:
        first = delimited_table(raw, paths[0])
        stems = [Path(path).stem for path in paths]
        parts = stems if len(set(stems)) == len(stems) else paths
        column = "part" if "part" not in first.frame.columns else "source_part"
        options = {**first.recipe["options"], "parts": parts, "part_column": column}
        recipe = {"reader": "delimited", "paths": paths, "options": options}
        frame = _tolerant(raw, recipe)
    except NotATable as problem:
        aside.append({"path": paths[0], "why": f"{len(paths)} files of one layout could not be stacked: {problem}"})
        return None
    if frame.shape[1] != first.frame.shape[1] + 1:
        aside.append({"path": paths[0], "why": f"{len(paths)} files begin alike but have other columns"})
        return None
    notes = [*first.notes, f"{len(paths)} files of one layout were stacked; column {column!r} names the file of each row."]
    return Table(Path(paths[0]).parent.name or "data", recipe, frame, len(frame), True, notes)


def _read(raw: Path, recipe: dict[str, Any]) -> tuple[pd.DataFrame, int, bool]:
    """Reads a delimited table, of a long file the first rows only; skips spoilt lines when they are few."""
    path = recipe["paths"][0]
    size = (raw / path).stat().st_size
    if size <= (WHOLE_BYTES if recipe["options"].get("compression") is None else HEAD_BYTES // 4):
        frame = _tolerant(raw, recipe)
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
        frame = _tolerant(Path(folder), probe)
        if options.get("skip_bad_lines"):
            recipe["options"]["skip_bad_lines"] = True
    return frame, len(frame) + lines, lines == 0


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


