"""The beginning of a file, whatever it is packed in."""

from __future__ import annotations

import bz2
import gzip
import lzma
from pathlib import Path
from typing import BinaryIO, cast

PACKED = {b"\x1f\x8b": "gzip", b"BZh": "bz2", b"\xfd7zXZ\0": "xz"}


def packing(path: Path) -> str | None:
    """`gzip`, `bz2` or `xz` when the file is packed so, else None."""
    with open(path, "rb") as file:
        start = file.read(6)
    return next((name for magic, name in PACKED.items() if start.startswith(magic)), None)


def open_bytes(path: Path) -> BinaryIO:
    """Opens a file for reading its (unpacked) bytes."""
    match packing(path):
        case "gzip":
            return cast(BinaryIO, gzip.open(path, "rb"))
        case "bz2":
            return cast(BinaryIO, bz2.open(path, "rb"))
        case "xz":
            return cast(BinaryIO, lzma.open(path, "rb"))
        case _:
            return open(path, "rb")


def read_head(path: Path, size: int = 2**20) -> bytes:
    """The first bytes of a file, unpacked."""
    with open_bytes(path) as file:
        return file.read(size)


def head_text(path: Path, encoding: str, size: int = 2**20) -> str:
    """The first whole lines of a text."""
    content = read_head(path, size)
    text = content.decode(encoding, errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    if len(content) == size and "\n" in text:
        text = text[: text.rindex("\n") + 1]
    return text
