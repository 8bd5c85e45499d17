"""Datasets whose rows are files: images, sounds and short series, with labels in folders, names or tables."""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pandas as pd

from .joins import key_column
from .keys import can_be_key, contained, is_unique, key_set
from .kinds import RawFile
from .parts import part_of, published_of
from .relations import Link, build_view, find_links
from .reading import Table
from .view import load_table

FEWEST = 20
BOXES = [{"xmin", "ymin", "xmax", "ymax"}, {"x1", "y1", "x2", "y2"}, {"x", "y", "width", "height"}, {"bbox"}, {"left", "top", "width", "height"}, {"x", "y", "w", "h"}]


def media_view(
    raw: Path, files: list[RawFile], kind: str, tables: dict[str, Table], everything: list[RawFile], aside: list[dict[str, str]]
) -> tuple[dict[str, Any], set[str]]:
    """The view of one kind of files with the tables that describe them, and the names of those tables."""
    files = _one_view_of_each(files, aside)
    root = os.path.commonpath([file.folder or "." for file in files]) if all(file.folder for file in files) else ""
    root = "" if root == "." else root
    folder = root
    root = _named_root(files, root, tables)
    extensions = sorted({file.suffix for file in files})
    folders = sorted({file.path[len(root) :].lstrip("/").split("/")[0] for file in files if "/" in file.path[len(root) :].lstrip("/")})
    paths = [folder or "."]
    wanted = {file.path for file in files}
    exclude = [file.path for file in everything if file.suffix in extensions and file.path not in wanted and file.path.startswith(folder)]
    options: dict[str, Any] = {"extensions": extensions}
    if exclude:
        if len(exclude) > 50 and folders:
            paths = [f"{root}/{folder}".lstrip("/") for folder in folders]
        else:
            options["exclude"] = exclude
    if root:
        options["root"] = root
    if kind == "text":
        options["text"] = "utf-8"
    recipe = {"reader": "files", "paths": paths, "options": options}
    frame = load_table(raw, {**recipe, "options": {**options, "keys": ["file", "local"]}})
    table = Table("files", recipe, frame, len(frame))
    notes: list[str] = []
    links = []
    known = dict(tables)
    if kind == "image":
        annotations = _annotations(raw, everything, frame)
        if annotations is not None:
            known["annotations"] = annotations
            links.append(Link("files", "stem", "annotations", "stem", False))
            notes.append("Boxes in XML files were counted by class; finding the boxes (detection) is not supported yet.")
    lists = _part_lists(raw, everything, frame)
    if lists is not None:
        known["lists"] = lists[1]
        links.append(Link("files", lists[0], "lists", "entry", False))
    for name, other in tables.items():
        link = _link(frame, name, other)
        if link is not None:
            links.append(link)
    known["files"] = table
    unlabelled = _unlabelled(frame, [link for link in links if link.right in tables], known)
    if unlabelled:
        aside += [{"path": f"{root}/{folder}".lstrip("/"), "why": "no table has labels for its files"} for folder in unlabelled]
        labelled_files = set(frame.loc[~frame["folder_1"].isin(unlabelled), "path"])
        return media_view(raw, [file for file in files if file.path in labelled_files], kind, tables, everything, aside)
    boxed = [link for link in links if _has_boxes(known[link.right].frame)]
    if boxed:
        notes.append("Boxes in tables were counted by file; finding the boxes (detection) is not supported yet.")
    one = [link for link in links if is_unique(known[link.right].frame[link.right_column]) and link not in boxed]
    many = [link for link in links if link not in one]
    counted = [Link(link.right, link.right_column, "files", link.left_column, False) for link in many if is_unique(frame[link.left_column])]
    direct = {link.right for link in links}
    between = [link for link in find_links(tables) if link.left in direct and link.right not in direct]
    labelled = {link.right: link for link in one}
    view, joined = build_view("files", known, [*one, *counted, *between], frozenset(labelled))
    counted_names = {link.left for link in counted}
    for link in find_links(tables):
        parent = next((join for join in view["joins"] if join["table"] == link.right and link.right in labelled and join["kind"] == "one"), None)
        if parent is not None and link.right_column in parent["columns"] and link.left not in {*joined, *counted_names} and not link.one_to_one:
            view["joins"].append({"table": link.left, "leftOn": [parent["prefix"] + link.right_column], "rightOn": [link.left_column], "columns": [], "prefix": f"{link.left.lower()}.", "kind": "count"})
            view["recipes"][link.left] = known[link.left].recipe
            joined.append(link.left)
            if _has_boxes(known[link.left].frame) and not boxed:
                notes.append("Boxes in tables were counted by file; finding the boxes (detection) is not supported yet.")
    keys = sorted({on for join in view["joins"] for on in join["leftOn"]} & {"file", "local"})
    if keys:
        options["keys"] = keys
    view["id"] = kind if kind in ("image", "audio") else f"{kind}_files"
    view["media"] = None if kind == "text" else {"column": "path", "kind": kind}
    labels = _labels(frame, view, known)
    result = {
        "view": view,
        "title": f"{kind} files",
        "rows": len(frame),
        "published": _published(frame, view, known),
        "notes": notes,
        "roles": {"labels": labels, "query": None},
        "modality": kind,
    }
    return result, set(joined) & set(tables)


def _named_root(files: list[RawFile], root: str, tables: dict[str, Table]) -> str:
    """The folder from which a table's paths start, where that is above the folder of all files; else that folder."""
    above = [root.rsplit("/", level)[0] for level in range(1, root.count("/") + 1)]
    for table in tables.values():
        for column in list(table.frame.columns)[:50]:
            head = table.frame[column].dropna().head(2000)
            if not can_be_key(table.frame[column]) or not any("/" in str(value) for value in head):
                continue
            for folder in above:
                if contained(key_set(head), {file.path.removeprefix(folder + "/") for file in files}) > 0.9:
                    return folder
    return root


def _one_view_of_each(files: list[RawFile], aside: list[dict[str, str]]) -> list[RawFile]:
    """Of folders with the same file names (images and masks) the first stays."""
    by_folder: dict[str, set[str]] = defaultdict(set)
    for file in files:
        by_folder[file.folder].add(Path(file.path).stem)
    folders = sorted(by_folder, key=lambda name: (bool(re.search(r"mask|label|seg|depth|annot|gt|truth|target", name, re.I)), name))
    gone: set[str] = set()
    for position, folder in enumerate(folders):
        for earlier in folders[:position]:
            same = len(by_folder[folder] & by_folder[earlier]) / len(by_folder[folder])
            if earlier not in gone and same > 0.9 and len(by_folder[folder]) >= FEWEST and re.search(r"mask|label|seg|depth|annot|gt|truth|target", folder, re.I):
                gone.add(folder)
                aside.append({"path": folder, "why": f"its files have the names of those in {earlier}: pictures as answers are not supported"})
                break
    return [file for file in files if file.folder not in gone]


def _annotations(raw: Path, everything: list[RawFile], frame: pd.DataFrame) -> Table | None:
    xml = [file for file in everything if file.kind == "xml"]
    stems = set(frame["stem"])
    matching = [file for file in xml if Path(file.path).stem in stems]
    if len(matching) < FEWEST or len(matching) < 0.5 * len(frame):
        return None
    recipe = {"reader": "voc", "paths": sorted({file.folder or "." for file in matching}), "options": {}}
    try:
        table = load_table(raw, recipe)
    except (KeyError, ValueError):
        return None
    table = table.loc[table["stem"].isin(stems)]
    if table.empty or not any(column.startswith("count_") for column in table.columns):
        return None
    return Table("annotations", recipe, table, len(table))


def _part_lists(raw: Path, everything: list[RawFile], frame: pd.DataFrame) -> tuple[str, Table] | None:
    """Lists of file names, one a line, named for published parts (train.txt, test.txt), and the column they name."""
    columns = {column: key_set(frame[column]) for column in ("stem", "file", "local", "path")}
    found: list[tuple[str, str, str, set[str]]] = []
    for file in everything:
        part = part_of(file.name)
        if part is None or file.suffix not in (".txt", ".lst", ".list", "") or file.size > 2**24:
            continue
        lines = (raw / file.path).read_text(encoding="utf-8", errors="replace").split("\n")
        entries = {line.strip() for line in lines if line.strip()}
        column = next((name for name, values in columns.items() if entries and contained(entries, values) > 0.95), None)
        if column is not None:
            found.append((column, part, file.path, entries))
    # Lists that are unions of others (trainval) or overlap are left out: the smaller ones are kept.
    kept: list[tuple[str, str, str, set[str]]] = []
    for entry in sorted(found, key=lambda item: len(item[3])):
        if all(entry[0] == other[0] and not entry[3] & other[3] for other in kept):
            kept.append(entry)
    if len({part for _, part, _, _ in kept}) < 2:
        return None
    kept.sort(key=lambda item: item[2])
    parts = [Path(path).stem for _, _, path, _ in kept]
    options = {"separator": "\t", "header_rows": 0, "names": ["entry"], "quote": None, "strip": True, "texts": ["entry"], "parts": parts}
    recipe = {"reader": "delimited", "paths": [path for _, _, path, _ in kept], "options": options}
    table = load_table(raw, recipe)
    result = Table("lists", recipe, table, len(table))
    result.published = published_of(parts, "part")
    return kept[0][0], result


def _link(frame: pd.DataFrame, name: str, table: Table) -> Link | None:
    """The columns by which a table names files: path, name, stem, or a number in the name."""
    numbers = [column for column in frame.columns if column.startswith("name_") and frame[column].is_unique]
    best: tuple[float, str, str] | None = None
    for column in list(table.frame.columns)[:100]:
        if not can_be_key(table.frame[column]):
            continue
        values = key_set(table.frame[column].head(100_000))
        if len(values) < FEWEST:
            continue
        for key in ("path", "local", "file", "stem", *numbers):
            if key in numbers and not is_unique(table.frame[column]):
                continue  # Small numbers are among other small numbers by chance.
            files = key_set(frame[key])
            forward, backward = contained(values, files), contained(files, values)
            score = max(forward, backward) + 0.1 * forward - (0.5 if key in numbers else 0)
            if key in numbers and forward < 0.9:
                continue
            if max(forward, backward) >= 0.9 and min(forward, backward) >= 0.2 and (best is None or score > best[0]):
                best = (score, key, column)
    return None if best is None else Link("files", best[1], name, best[2], False)


def _unlabelled(frame: pd.DataFrame, links: list[Link], known: dict[str, Table]) -> list[str]:
    """Folders of which no label table names a file, while one names nearly all files of another folder."""
    if "folder_1" not in frame.columns or not links:
        return []
    named = pd.Series(False, index=frame.index)
    for link in links:
        named |= key_column(frame[link.left_column]).isin(key_set(known[link.right].frame[link.right_column]))
    shares = named.groupby(frame["folder_1"]).mean()
    return sorted(str(folder) for folder in shares.index[shares == 0]) if (shares > 0.9).any() else []


def _has_boxes(frame: pd.DataFrame) -> bool:
    names = {re.sub(r"[^a-z0-9]", "", str(name).lower()) for name in frame.columns}
    return any(box <= names for box in BOXES)


def _labels(frame: pd.DataFrame, view: dict[str, Any], known: dict[str, Table]) -> list[str]:
    """Columns that the layout offers as answers: of label tables, folders, then parts of names."""
    labels = []
    for join in view["joins"]:
        if join["kind"] == "one" and join["table"] != "lists" and join["leftOn"][0] in frame.columns:
            right = known[join["table"]].frame
            columns = [
                column
                for column in join["columns"]
                if column not in ("width", "height", "objects", "license", "date_captured")
                and not (is_unique(right[column]) and (right[column].dtype.kind not in "iuf" or re.search(r"id$|^index$", column, re.I)))
            ]
            labels += [join["prefix"] + column for column in columns[:40]]
        elif join["kind"] == "count":
            labels.append(join["prefix"] + "count")
    for pattern in (r"folder_\d+", r"name_\d+"):
        levels = []
        for column in frame.columns:
            if not re.fullmatch(pattern, column):
                continue
            counts = Counter(frame[column].dropna())
            parts = all(part_of(str(value)) for value in counts)
            if 2 <= len(counts) <= max(2, len(frame) // 3) and not parts and frame[column].notna().mean() > 0.9:
                levels.append(column)
        labels += reversed(levels) if pattern.startswith("folder") else levels
    return labels


def _published(frame: pd.DataFrame, view: dict[str, Any], known: dict[str, Table]) -> dict[str, Any] | None:
    for join in view["joins"]:
        published = known[join["table"]].published
        if published is not None and join["kind"] == "one" and published["column"] in join["columns"]:
            return {**published, "column": join["prefix"] + published["column"]}
    for column in frame.columns:
        if column.startswith("folder_"):
            values = sorted(str(value) for value in frame[column].dropna().unique())
            if 2 <= len(values) <= 6 and all(part_of(value) for value in values):
                return published_of(values, column)
    return None
