"""Tables in text files: delimited, of fixed width, libsvm and ARFF; and files of one layout as one table."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from .encoding import find_encoding
from .fixed_width import fixed_width_options
from .head import head_text
from .kinds import RawFile
from .names import tidy_names
from .reading import Table, checked, named, read_delimited, read_tolerantly, stem_of
from .sniff import NotATable, sniff_delimited
from .view import load_table

LIBSVM = re.compile(r"\S+(\s+qid:\d+)?(\s+\d+:[-+.\deE]+)+\s*(#.*)?$")
TAGS = re.compile(r"(O|[BIESLUM]-\S+)$")


class Tagged(Exception):
    """The file holds one token a line with a tag: sequence labelling."""


def text_table(raw: Path, file: RawFile, others: list[str]) -> Table:
    """The table in a text file, or NotATable; Tagged where it holds one token a line. `others` are the paths of all files."""
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
        return checked(raw, stem_of(file.path), {"reader": "fixed", "paths": [file.path], "options": options})


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
    return Table(stem_of(file.path), recipe, frame, len(frame), True, [], None, ["label"], query)


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
            return named(Table(stem_of(path), recipe, *read_delimited(raw, recipe)))
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
    frame, rows, whole = read_delimited(raw, recipe)
    if recipe["options"].get("skip_bad_lines"):
        layout.notes.append("Lines with too many cells are left out.")
    return named(Table(stem_of(path), recipe, frame, rows, whole, list(layout.notes)))


def stack_files(raw: Path, paths: list[str], aside: list[dict[str, str]]) -> Table | None:
    """Many text tables of one layout as one table: the layout of the first is taken for all."""
    try:
        first = delimited_table(raw, paths[0])
        stems = [Path(path).stem for path in paths]
        parts = stems if len(set(stems)) == len(stems) else paths
        column = "part" if "part" not in first.frame.columns else "source_part"
        options = {**first.recipe["options"], "parts": parts, "part_column": column}
        recipe = {"reader": "delimited", "paths": paths, "options": options}
        frame = read_tolerantly(raw, recipe)
    except NotATable as problem:
        aside.append({"path": paths[0], "why": f"{len(paths)} files of one layout could not be stacked: {problem}"})
        return None
    if frame.shape[1] != first.frame.shape[1] + 1:
        aside.append({"path": paths[0], "why": f"{len(paths)} files begin alike but have other columns"})
        return None
    notes = [*first.notes, f"{len(paths)} files of one layout were stacked; column {column!r} names the file of each row."]
    return Table(Path(paths[0]).parent.name or "data", recipe, frame, len(frame), True, notes)
