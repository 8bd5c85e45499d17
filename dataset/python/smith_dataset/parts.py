"""Tables of one layout: published parts, unlabelled test files, files to stack."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pandas as pd

from .reading import Table

WORDS = {
    "train": "train", "training": "train", "trn": "train", "trainval": "train", "trainset": "train", "learn": "train",
    "val": "validation", "valid": "validation", "validation": "validation", "dev": "validation", "devel": "validation",
    "test": "test", "tst": "test", "testing": "test", "testset": "test", "holdout": "test", "heldout": "test",
}  # fmt: skip
SUBMISSION = re.compile(r"submission|sample_?solution", re.I)


def words_of(text: str) -> list[str]:
    """Lower-case words of a file name: split at marks, digits and capitals."""
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", text)]


def part_of(text: str) -> str | None:
    """`train`, `validation` or `test` when a name says so, else None."""
    found = [WORDS[word] for word in words_of(text) if word in WORDS]
    return found[0] if len(set(found)) == 1 else None


def without_part(text: str) -> str:
    """The name without the words and digits that tell parts apart."""
    return " ".join(word for word in words_of(text) if word not in WORDS)


def published_of(parts: list[str], column: str) -> dict[str, Any] | None:
    """Which values of a part column are train and which test; None when the names do not say."""
    kinds = {part: part_of(part) for part in parts}
    test = [part for part in parts if kinds[part] == "test"]
    validation = [part for part in parts if kinds[part] == "validation"]
    train = [part for part in parts if kinds[part] == "train"]
    if not train:
        return None
    if not test:
        test, validation = validation, []
    return {"column": column, "train": train + validation, "test": test} if test else None


def combine(tables: list[Table], aside: list[dict[str, str]]) -> list[Table]:
    """Stacks tables of one layout and sets unlabelled test tables aside; the order stays."""
    tables = _set_unlabelled_aside(tables, aside)
    groups: dict[tuple[Any, ...], list[Table]] = defaultdict(list)
    for table in tables:
        groups[_layout(table)].append(table)
    # Groups stand in the order of their first member, as dictionaries keep it.
    return [table for members in groups.values() for table in (_combined(members, aside) if len(members) > 1 else members)]


def _layout(table: Table) -> tuple[Any, ...]:
    options = table.recipe["options"]
    names = tuple(map(str, table.frame.columns))
    if table.recipe["reader"] == "libsvm":
        return ("libsvm", "query" in names, without_part(table.path))
    numbered = options.get("header_rows") == 0 or isinstance(options.get("names"), str)
    single = options.get("pointer"), options.get("sheet"), options.get("table"), options.get("shape")
    if single != (None, None, None, None) and table.recipe["reader"] != "json":
        return (id(table),)
    return (table.recipe["reader"], names, str(single), without_part(re.sub(r"\d+|\.(data|csv|txt|tsv|dat)\b", "", table.path)) if numbered else "")


def _same_options(members: list[Table]) -> bool:
    plain = [{k: v for k, v in m.recipe["options"].items() if k not in ("queries", "missing", "numbers", "texts", "quote", "skip_bad_lines", "thousands")} for m in members]
    return all(options == plain[0] for options in plain)


def _combined(members: list[Table], aside: list[dict[str, str]]) -> list[Table]:
    if not _same_options(members):
        members = _alike(members, aside)
        if len(members) == 1:
            return members
    members = _comparable(members, aside)
    if len(members) == 1:
        return members
    named = [table for table in members if _part_name(table)]
    unnamed = [table for table in members if not _part_name(table)]
    if named and len(unnamed) == 1 and {_part_name(table) for table in named} == {"test"} and unnamed[0].rows >= sum(t.rows for t in named):
        stacked = _stack([unnamed[0], *named], ["train", *(_label(table, named) for table in named)])
        stacked.published = {"column": stacked.recipe["options"]["part_column"], "train": ["train"], "test": stacked.recipe["options"]["parts"][1:]}
        return [stacked]
    if len(named) >= 2 and len({_part_name(table) for table in named}) >= 2:
        rest = []
        total = sum(table.rows for table in named)
        for table in unnamed:
            if table.rows == total:
                aside.append({"path": table.path, "why": "it holds the same rows as the published parts together"})
            else:
                rest.append(table)
        return [_stack(named, [_label(table, named) for table in named]), *rest]
    kept: list[Table] = []
    for table in sorted(members, key=lambda table: -table.rows):
        larger = next((other for other in kept if _overlap(table.frame, other.frame) > 0.9), None)
        if larger is not None:
            aside.append({"path": table.path, "why": f"most of its rows are in {larger.path} too"})
        else:
            kept.append(table)
    kept.sort(key=lambda table: members.index(table))
    return [_stack(kept, [_label(table, kept) for table in kept])] if len(kept) > 1 else kept


def _alike(members: list[Table], aside: list[dict[str, str]]) -> list[Table]:
    """The members that are read with the options of the largest; one recipe cannot read the others."""
    largest = max(members, key=lambda table: table.rows)
    kept = [table for table in members if _same_options([largest, table])]
    for table in members:
        if table not in kept:
            aside.append({"path": table.path, "why": f"it has the columns of {largest.path} but is written in another way"})
    return kept


def _comparable(members: list[Table], aside: list[dict[str, str]]) -> list[Table]:
    """Leaves out members in which a column of few texts has none of the values of the largest member: labels that
    are written otherwise cannot be compared."""
    largest = max(members, key=lambda table: table.rows)
    kept = []
    for table in members:
        other = None
        for column in largest.frame.columns if table is not largest and _part_name(table) else []:
            mine, theirs = table.frame[column].dropna(), largest.frame[column].dropna()
            if str(mine.dtype) == str(theirs.dtype) == "str" and 2 <= mine.nunique() <= 30 and 2 <= theirs.nunique() <= 30:
                if not set(mine.unique()) & set(theirs.unique()):
                    other = column
        if other is None:
            kept.append(table)
        else:
            aside.append({"path": table.path, "why": f"its values of {other} are none of those in {largest.path}"})
    return kept


def _part_name(table: Table) -> str | None:
    own = part_of(Path(table.path).name)
    if own is not None:
        return own
    folders = [part_of(folder) for folder in Path(table.path).parts[:-1]]
    return next((folder for folder in reversed(folders) if folder), None)


def _label(table: Table, members: list[Table]) -> str:
    """A short name of a part that differs from those of the others."""
    stems = [member.name for member in members]
    if len(set(stems)) == len(stems):
        return table.name
    names = [Path(member.path).name for member in members]
    return Path(table.path).name if len(set(names)) == len(names) else table.path


def _overlap(smaller: pd.DataFrame, larger: pd.DataFrame) -> float:
    """Share of the smaller table's rows that the larger one has."""
    try:
        mine = set(pd.util.hash_pandas_object(smaller.head(20_000).astype("str"), index=False))
        theirs = set(pd.util.hash_pandas_object(larger.head(200_000).astype("str"), index=False))
    except (TypeError, ValueError):
        return 0.0
    return len(mine & theirs) / max(len(mine), 1)


def _stack(members: list[Table], labels: list[str]) -> Table:
    """One table of several files, with a column of their labels."""
    first = members[0]
    column = "part"
    while column in first.frame.columns:
        column = f"source_{column}"
    options = dict(first.recipe["options"])
    for option in ("missing", "numbers", "texts"):
        values = {value for member in members for value in member.recipe["options"].get(option, [])}
        if values:
            options[option] = sorted(values)
    for option in ("skip_bad_lines", "thousands"):
        for member in members:
            if option in member.recipe["options"]:
                options[option] = member.recipe["options"][option]
    if any(member.recipe["options"].get("quote", '"') is None for member in members):
        options["quote"] = None
    queries = [query for member in members for query in member.recipe["options"].get("queries", [])]
    if queries:
        options["queries"] = queries
    options["parts"], options["part_column"] = labels, column
    recipe = {"reader": first.recipe["reader"], "paths": [member.path for member in members], "options": options}
    frames = [member.frame.assign(**{column: label}) for member, label in zip(members, labels)]
    frame = pd.concat(frames, ignore_index=True)
    shared = set.intersection(*(set(words_of(member.name)) for member in members)) - set(WORDS) - {"of", "part"}
    folder = Path(first.path).parent.name
    name = "_".join(word for word in words_of(first.name) if word in shared) or folder or "data"
    rows = sum(member.rows for member in members)
    notes = list(dict.fromkeys(note for member in members for note in member.notes))
    stacked = Table(name, recipe, frame, rows, all(member.whole for member in members), notes, published_of(labels, column), first.labels, first.query)
    stacked.notes.append(f"{len(members)} files of one layout were stacked; column {column!r} names the file of each row.")
    return stacked


def _set_unlabelled_aside(tables: list[Table], aside: list[dict[str, str]]) -> list[Table]:
    """Folders of competitions: a test table that lacks columns of its train table, sample submissions."""
    gone: set[int] = set()
    trains = [table for table in tables if _part_name(table) == "train"]
    for table in tables:
        if SUBMISSION.search(Path(table.path).name) and len(tables) > 1:
            aside.append({"path": table.path, "why": "it is an example of a submission, not data"})
            gone.add(id(table))
            continue
        if _part_name(table) not in ("test", "validation"):
            continue
        columns = set(table.frame.columns)
        for train in trains:
            lacking = [name for name in train.frame.columns if name not in columns]
            same = len(columns & set(train.frame.columns))
            if lacking and columns <= set(train.frame.columns) and same >= 2 and len(lacking) <= max(1, same):
                shown = ", ".join(lacking[:5])
                aside.append({"path": table.path, "why": f"it is a test part without {shown}; the labelled part {train.path} is split anew"})
                train.labels = lacking
                gone.add(id(table))
                break
    return [table for table in tables if id(table) not in gone]
