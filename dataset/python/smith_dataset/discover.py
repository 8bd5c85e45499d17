"""What a folder of raw data holds: tables, files, documents; and the views that can be modelled."""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from .documents import clean, find_licence, find_source, rank_documents, read_document
from .kinds import READMES, RawFile, list_files
from .media import FEWEST, media_view
from .named_columns import names_from
from .names import tidy_names
from .parts import combine, part_of, published_of
from .reading import Table
from .relations import SMALLEST_BASE, related_views
from .sniff import NotATable
from .tables import tables_in
from .text_tables import Tagged, stack_files

MOST_VIEWS = 8
TEXT_TABLES = (".csv", ".tsv", ".txt", ".dat", ".data")
MOST_FILES_READ = 60
FEWEST_TEXTS = 40
MOST_ASIDE = 200


def discover(raw: Path) -> dict[str, Any]:
    """Files, documentation, licence and up to 8 views of a dataset, best first; what was set aside and why.

    Each view: `{view, title, rows, published, notes, roles: {labels, query}, modality}`, where `modality` is a hint
    of the layout (`image`, `audio`, `series`, `relational`, `ranking`, `graph`) or null.
    """
    files = list_files(raw)
    aside: list[dict[str, str]] = []
    documents: list[dict[str, str]] = []
    texts = _texts(raw, files)
    in_texts = {file.path for file in texts}
    others = [file for file in files if file.path not in in_texts]
    for file in others:
        if file.kind == "aside":
            aside.append({"path": file.path, "why": file.why})
        elif file.kind in ("document", "html", "pdf"):
            text = read_document(raw, file)
            if text:
                documents.append({"path": file.path, "text": text})
            else:
                aside.append({"path": file.path, "why": "no text could be read from it"})
    media = {kind: [file for file in files if file.kind == kind] for kind in ("image", "audio")}
    tables, series, tagged = _read_tables(raw, others, aside, documents)
    tables = _dictionaries(combine(tables, aside), documents)
    for table in tables:
        _name_columns(table, documents)
    named = _unique_names(tables)
    _annotations_by_file(named, files, aside)

    views: list[dict[str, Any]] = []
    used: set[str] = set()
    for kind, members in (*media.items(), ("text", texts), ("series", series)):
        if not members:
            continue
        if len(members) >= FEWEST:
            found, joined = media_view(raw, members, kind, named, files, aside)
            if kind == "series" and not found["roles"]["labels"]:
                # Nothing says anything of a file as a whole: the rows of all files are the table.
                stacked = stack_files(raw, [file.path for file in members], aside)
                named = {**named, **_unique_names([stacked])} if stacked is not None else named
            else:
                views.append(found)
                used |= joined
        else:
            aside += [{"path": file.path, "why": f"{len(members)} {kind} files are too few to be the rows of a task"} for file in members]
    rest = {name: table for name, table in named.items() if name not in used}
    views += _table_views(rest, aside, max((view["rows"] for view in views), default=0))
    listed = {path for view in views for recipe in view["view"]["recipes"].values() for path in recipe["paths"]}
    aside = [entry for entry in aside if entry["path"] not in listed or entry["why"] != "it has a single column"]
    aside += [{"path": file.path, "why": "XML is read only as annotations of images"} for file in files if file.kind == "xml"][:3] if not any("annotations" in view["view"]["recipes"] for view in views) else []
    aside += [{"path": path, "why": "one token a line with tags (sequence labelling) is not supported yet"} for path in tagged]
    columns = [str(column) for table in tables for column in table.frame.columns]
    return {
        "files": {
            "count": len(files),
            "bytes": sum(file.size for file in files),
            "byExtension": dict(Counter(file.suffix for file in files).most_common(50)),
            "examples": [_shown(file.path) for file in _examples(files)],
        },
        "documentation": rank_documents(documents, columns),
        "licence": find_licence(raw, files, documents),
        "source": find_source(documents),
        "views": _distinct(views)[:MOST_VIEWS],
        "setAside": [{"path": _shown(entry["path"]), "why": _shown(entry["why"], 300)} for entry in aside[:MOST_ASIDE]],
        "refusal": None if views else _refusal(files, tagged, documents, aside),
    }


def _shown(text: str, longest: int = 200) -> str:
    return clean(text).replace("\n", " ")[:longest]


def _examples(files: list[RawFile]) -> list[RawFile]:
    """Up to 40 paths, a few of each folder and kind."""
    groups: dict[tuple[str, str], list[RawFile]] = defaultdict(list)
    for file in files:
        groups[file.folder, file.suffix].append(file)
    each = max(1, 40 // max(len(groups), 1))
    return [file for members in groups.values() for file in members[:each]][:40]


def _read_tables(
    raw: Path, files: list[RawFile], aside: list[dict[str, str]], documents: list[dict[str, str]]
) -> tuple[list[Table], list[RawFile], list[str]]:
    """All tables; the files of many short series, which are not read one by one; files of tagged tokens."""
    paths = [file.path for file in files]
    side_files = {f"{path}{suffix}" for path in paths for suffix in (".query", ".group")}
    candidates = [file for file in files if file.kind in ("table", "json", "parquet", "arrow", "excel", "sqlite") and file.path not in side_files]
    series = _series(raw, candidates)
    many = {file.path for file in series}
    tables: list[Table] = []
    tagged: list[str] = []
    for position, file in enumerate(file for file in candidates if file.path not in many):
        if position >= MOST_FILES_READ * 4:
            aside.append({"path": file.path, "why": f"only the first {MOST_FILES_READ * 4} tables are read"})
            continue
        try:
            tables += tables_in(raw, file, paths)
        except Tagged:
            tagged.append(file.path)
        except NotATable as problem:
            if file.suffix in ("", ".txt", ".names", ".text") and (text := read_document(raw, file)) and part_of(file.name) is None:
                documents.append({"path": file.path, "text": text})
            else:
                aside.append({"path": file.path, "why": str(problem)})
    for table in tables:
        if table.recipe["options"].get("shape") == "parts":
            column = table.recipe["options"].get("part_column", "part")
            table.published = published_of(list(table.frame[column].unique()), column)
    return tables, series, tagged


def _series(raw: Path, candidates: list[RawFile]) -> list[RawFile]:
    """Twenty or more small text tables of one kind with equal first lines (or, where these are numbers, as many
    cells): perhaps each file is one series."""
    groups: dict[tuple[Any, ...], list[RawFile]] = defaultdict(list)
    possible = [file for file in candidates if file.kind == "table" and file.size < 4 * 2**20 and file.suffix in TEXT_TABLES]
    if len(possible) < FEWEST:
        return []
    for file in possible:
        with open(raw / file.path, "rb") as opened:
            line = opened.readline(8192).strip()
        cells = line.replace(b";", b",").replace(b"\t", b",").split(b",")
        numeric = sum(cell.strip().replace(b".", b"").replace(b"-", b"").isdigit() for cell in cells)
        groups[file.suffix, len(cells) if numeric else line].append(file)
    best = max(groups.values(), key=len)
    return best if len(best) >= FEWEST else []


def _texts(raw: Path, files: list[RawFile]) -> list[RawFile]:
    """Many files of running text in labelled folders or beside tables: each file is a row."""
    possible = [file for file in files if file.kind in ("table", "document") and file.suffix in ("", ".txt", ".text") and file.size < 2**20]
    possible = [file for file in possible if not READMES.match(file.name)]
    if len(possible) < FEWEST_TEXTS:
        return []
    by_folder = Counter(file.folder for file in possible)
    possible = [file for file in possible if by_folder[file.folder] >= 5]
    sample = possible[:: max(1, len(possible) // 12)]
    running = 0
    for file in sample:
        try:
            tables_in(raw, file, [])
        except (NotATable, Tagged):
            running += 1
    return possible if len(possible) >= FEWEST_TEXTS and running >= 0.7 * len(sample) else []


def _unique_names(tables: list[Table]) -> dict[str, Table]:
    names = tidy_names([table.name for table in tables])
    for name, table in zip(names, tables):
        table.name = name
    return dict(zip(names, tables))


def _dictionaries(tables: list[Table], documents: list[dict[str, str]]) -> list[Table]:
    """Data dictionaries (a small table whose cells are the column names of another) become documentation."""
    kept = []
    for table in tables:
        described = False
        if len(table.frame) <= 5000 and 2 <= table.frame.shape[1] <= 12:
            for column in table.frame.columns[:3]:
                cells = {str(cell).strip() for cell in table.frame[column].dropna()}
                for other in tables:
                    names = {str(name) for name in other.frame.columns}
                    if other is not table and len(names) >= 3 and len(cells & names) >= max(3, 0.6 * len(names)):
                        described = True
        if described:
            lines = [" | ".join(str(cell) for cell in row if str(cell) not in ("nan", "None", "<NA>")) for row in table.frame.itertuples(index=False)]
            documents.append({"path": table.path, "text": clean(" | ".join(map(str, table.frame.columns)) + "\n" + "\n".join(lines))})
        else:
            kept.append(table)
    return kept


def _name_columns(table: Table, documents: list[dict[str, str]]) -> None:
    """Gives the columns of a table without header the names that a document lists, if one lists as many."""
    options = table.recipe["options"]
    part = options.get("part_column")
    if table.recipe["reader"] != "delimited" or options.get("header_rows") != 0 or isinstance(options.get("names"), list):
        return
    width = table.frame.shape[1] - (part is not None and part in table.frame.columns)
    for document in documents:
        names = names_from(document["text"], width) if width >= 3 else None
        if names is not None:
            old = [f"column_{number}" for number in range(1, width + 1)]
            for option in ("numbers", "texts"):
                if option in options:
                    options[option] = [names[old.index(name)] for name in options[option]]
            options["names"] = names
            table.frame = table.frame.rename(columns=dict(zip(old, names)))
            table.notes = [note for note in table.notes if "columns are numbered" not in note]
            table.notes.append(f"The file has no header; its {width} columns are named as {Path(document['path']).name} lists them.")
            return


def _annotations_by_file(named: dict[str, Table], files: list[RawFile], aside: list[dict[str, str]]) -> None:
    """Tables of lists keyed by the names of data files (events in series) are not rows of their own."""
    paths = {file.path for file in files} | {file.name for file in files}
    for name, table in list(named.items()):
        if table.recipe["reader"] == "json" and table.recipe["options"].get("shape") == "index":
            keys = {str(key) for key in table.frame.iloc[:, 0]}
            if sum(key in paths or any(path.endswith("/" + key) for path in paths) for key in list(keys)[:2000]) >= 2:
                del named[name]
                aside.append({"path": table.path, "why": "it holds annotations (events or periods) by file; they are not labels of rows"})


def _table_views(tables: dict[str, Table], aside: list[dict[str, str]], largest: int) -> list[dict[str, Any]]:
    """Views over tables: linked ones first, then single ones; small tables only where there is nothing larger."""
    linked, used = related_views(tables) if len(tables) > 1 else ([], set())
    largest = max((largest, *(table.rows for table in tables.values())))
    result = []
    bases = {view["base"] for view in linked}
    for view in linked:
        result.append(_described(tables[view["base"]], view))
    for name, table in tables.items():
        if name in used or name in bases:
            continue
        if table.rows < SMALLEST_BASE <= largest:
            aside.append({"path": table.path, "why": f"table {name!r}: {table.rows} rows that no other table refers to"})
            continue
        result.append(_described(table, {"id": name, "recipes": {name: table.recipe}, "base": name, "joins": [], "media": None}))
    result.sort(key=lambda entry: -_worth(entry, tables))
    return result


def _worth(entry: dict[str, Any], tables: dict[str, Table]) -> float:
    table = tables[entry["view"]["base"]]
    width = table.frame.shape[1] + sum(max(len(join["columns"]), 1) for join in entry["view"]["joins"])
    return min(table.rows, 100_000) ** 0.5 * min(width, 30)


def _described(table: Table, view: dict[str, Any]) -> dict[str, Any]:
    published = table.published
    if published is None:
        for column in list(table.frame.columns)[:200]:
            values = table.frame[column].dropna()
            if values.dtype.kind in "OU" or str(values.dtype) == "str":
                if not all(isinstance(value, str) for value in values.head(50)):
                    continue
                distinct = values.astype("str").unique()
                if 2 <= len(distinct) <= 4 and all(isinstance(value, str) and part_of(value) and len(value) < 20 for value in distinct):
                    published = published_of(sorted(distinct), column)
                    break
    links = Counter(join["table"] for join in view["joins"] if join["kind"] == "count")
    modality = "ranking" if table.query else "graph" if any(count >= 2 for count in links.values()) else "relational" if view["joins"] else None
    return {
        "view": view,
        "title": table.name,
        "rows": table.rows,
        "published": published,
        "notes": table.notes,
        "roles": {"labels": table.labels, "query": table.query},
        "modality": modality,
    }


def _distinct(views: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Views with ids that differ."""
    for name, entry in zip(tidy_names([entry["view"]["id"] for entry in views]), views):
        entry["view"]["id"] = name
    return views


def _refusal(files: list[RawFile], tagged: list[str], documents: list[dict[str, str]], aside: list[dict[str, str]]) -> dict[str, str]:
    if not files:
        return {"reason": "The dataset has no files.", "help": "Hand over a folder with at least one table, or with images or sounds."}
    if tagged:
        return {
            "reason": f"The data are sequences of tagged tokens ({', '.join(tagged[:3])}): sequence labelling is not supported yet.",
            "help": "Hand over a table with one row for each example, for instance one sentence and its label.",
        }
    if all(file.kind in ("document", "licence", "html", "pdf") for file in files) or (documents and not aside):
        return {
            "reason": f"There are only documents ({', '.join(file.path for file in files[:5])}) and no data.",
            "help": "Download the data that the documents speak of and hand over that folder.",
        }
    why = "; ".join(f"{entry['path']}: {entry['why']}" for entry in aside[:5])
    return {
        "reason": f"No table and no set of media files could be read. {why}"[:1000],
        "help": "Hand over CSV, TSV, Parquet, Arrow, JSON, Excel, SQLite or libsvm files, or folders of images or sounds.",
    }


if __name__ == "__main__":
    json.dump(discover(Path(sys.argv[1])), sys.stdout, indent=1)
