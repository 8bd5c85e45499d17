"""Files of the dataset: their names, and the text in them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

MOST_FILES = 60


def list_files(raw: Path, asked: dict[str, Any]) -> str:
    """Sub-folders with their numbers of files, then files with sizes, of one folder; at most 60 lines."""
    folder = _inside(raw, asked["folder"])
    if not folder.is_dir():
        raise FileNotFoundError(f"there is no folder {asked['folder']!r}")
    entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    lines = []
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            count = sum(len(names) for _, _, names in os.walk(entry.path))
            lines.append(f"{entry.name}/ ({count} files)")
    for entry in entries:
        if entry.is_file(follow_symlinks=False):
            lines.append(f"{entry.name} ({entry.stat().st_size} bytes)")
    more = len(lines) - MOST_FILES
    return "\n".join(lines[:MOST_FILES]) + (f"\n… and {more} more" if more > 0 else "")


def read_file(raw: Path, asked: dict[str, Any]) -> str:
    """Text of a file from a byte on; files that are not text are refused."""
    path = _inside(raw, asked["path"])
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {asked['path']!r}")
    size = path.stat().st_size
    with path.open("rb") as handle:
        handle.seek(asked["offset"])
        data = handle.read(asked["characters"])
    if data.count(0) > 0:
        raise ValueError(f"not a text file ({size} bytes, starts with {data[:8].hex()})")
    text = data.decode("utf-8", errors="replace")
    rest = size - asked["offset"] - len(data)
    return text if rest <= 0 else f"{text[:-80]}\n… ({rest} more bytes)"


def _inside(raw: Path, name: str) -> Path:
    path = (raw / name.lstrip("/")).resolve()
    if not path.is_relative_to(raw.resolve()):
        raise ValueError("the path leads out of the dataset")
    return path
