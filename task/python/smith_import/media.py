"""Files that rows name by their id or by a column."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pandas as pd

KINDS = {
    "image": {".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff"},
    "audio": {".wav", ".flac", ".ogg", ".mp3", ".aif", ".aiff"},
}
_KIND_OF = {suffix: kind for kind, suffixes in KINDS.items() for suffix in suffixes}
NAME = "file"


def find_media(public: Path, train: pd.DataFrame, test: pd.DataFrame, identifier: str) -> dict[str, object] | None:
    """{column, kind, train, test}: the paths of the rows' files, in a column that is there or that is to be added."""
    files = [path.relative_to(public).as_posix() for path in public.rglob("*") if path.suffix.lower() in _KIND_OF]
    if len(files) < 10:
        return None
    whole = set(files)
    columns = [identifier, *(name for name in test.columns if name in train.columns and name != identifier)]
    for name in columns:
        sides = {}
        for side, frame in (("train", train), ("test", test)):
            if name not in frame.columns:
                break
            if set(frame[name]) <= whole:
                sides[side] = list(frame[name])
                continue
            index = _index(files, side)
            paths = [index.get(value) or index.get(PurePosixPath(value).name) for value in frame[name]]
            if any(path is None for path in paths):
                break
            sides[side] = paths
        if len(sides) == 2:
            kind = _KIND_OF[PurePosixPath(sides["train"][0]).suffix.lower()]
            there = sides["train"] == list(train[name]) and sides["test"] == list(test[name]) and name != identifier
            return {"column": name if there else _fresh(train, test), "kind": kind, **sides}
    return None


def _index(files: list[str], side: str) -> dict[str, str]:
    """Names and stems to paths; those in a folder of the side win over others."""
    index: dict[str, str] = {}
    for path in sorted(files, key=lambda entry: side not in entry.lower().split("/")[0], reverse=True):
        name = PurePosixPath(path)
        index[name.stem] = path
        index[name.name] = path
    return index


def _fresh(train: pd.DataFrame, test: pd.DataFrame) -> str:
    name = NAME
    while name in train.columns or name in test.columns:
        name += "_path"
    return name
