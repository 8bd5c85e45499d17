"""Unpacks the archives of a dataset: `python -m smith_dataset.ingest` in a job with `/job/raw`.

Writes `/out/raw`, the dataset with each archive `<name>.zip` as a folder `<name>`, and `/out/result.json`:
`{unpacked, problems: [{path, why}]}`. Without an archive nothing is copied and `unpacked` is false.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from .head import open_bytes, packing

ENDINGS = (".tar.gz", ".tar.bz2", ".tar.xz", ".tgz", ".tbz2", ".txz", ".tar", ".zip")
BLOCK = 2**20


@dataclass
class Limits:
    """What all archives of one dataset may hold together."""

    total_bytes: int = 2 * 2**30
    entries: int = 200_000
    depth: int = 4
    ratio: int = 1000


@dataclass
class Unpacking:
    """Bounds that are used up while unpacking, and what was refused."""

    limits: Limits
    bytes: int = 0
    entries: int = 0
    problems: list[dict[str, str]] = field(default_factory=list)

    def refuse(self, path: str, why: str) -> None:
        """Notes that something was left out; at most 200 such notes."""
        if len(self.problems) < 200:
            self.problems.append({"path": path[:300], "why": why})


class TooMuch(Exception):
    """An archive holds more than the limits allow; the text says what."""


def archive_kind(file: Path) -> str | None:
    """`zip` or `tar` for an archive to unpack, else None. Spreadsheets and other formats made of zip are not."""
    name = file.name.lower()
    with open(file, "rb") as opened:
        start = opened.read(4)
    if start in (b"PK\x03\x04", b"PK\x05\x06"):
        return "zip" if name.endswith(".zip") else None
    if name.endswith((".tar", ".tgz", ".tbz2", ".txz", ".tar.gz", ".tar.bz2", ".tar.xz")) or packing(file):
        try:
            with open_bytes(file) as opened:
                return "tar" if opened.read(512)[257:262] == b"ustar" else None
        except Exception:  # noqa: BLE001 - a damaged stream raises errors of several libraries: no archive then
            return None
    return None


def ingest(raw: Path, target: Path, limits: Limits) -> dict[str, object]:
    """Copies `raw` to `target` with all archives unpacked; does nothing when there is none."""
    files = sorted(path for path in raw.rglob("*") if path.is_file() and not path.is_symlink())
    if not any(_kind_or_none(file) for file in files):
        return {"unpacked": False, "problems": []}
    work = Unpacking(limits)
    waiting = []
    for file in files:
        place = target / file.relative_to(raw)
        place.parent.mkdir(parents=True, exist_ok=True)
        if (kind := _kind_or_none(file)) is not None:
            waiting.append((file, place, kind, 1))
        else:
            shutil.copyfile(file, place)
    while waiting:
        source, place, kind, depth = waiting.pop(0)
        shown = place.relative_to(target).as_posix()
        folder = _free_folder(place)
        try:
            if depth > limits.depth:
                raise TooMuch(f"archives lie in archives, more than {limits.depth} deep")
            _unpack(source, folder, kind, shown, work)
        except TooMuch as problem:
            shutil.rmtree(folder, ignore_errors=True)
            work.refuse(shown, f"it was not unpacked: {problem}")
        except Exception as problem:  # noqa: BLE001 - damaged archives raise anything; the rest is still used
            work.refuse(shown, f"it is damaged and was unpacked in part ({type(problem).__name__}: {str(problem)[:120]})")
        for file in sorted(path for path in folder.rglob("*") if path.is_file()) if folder.exists() else []:
            if (inner := _kind_or_none(file)) is not None:
                waiting.append((file, file, inner, depth + 1))
        if target in source.parents:
            source.unlink()
    return {"unpacked": True, "problems": work.problems}


def _kind_or_none(file: Path) -> str | None:
    try:
        return archive_kind(file)
    except OSError:
        return None


def _free_folder(place: Path) -> Path:
    """`data/a.zip` becomes `data/a`, or `data/a_2` when there is an `a` already."""
    name = next((place.name[: -len(end)] for end in ENDINGS if place.name.lower().endswith(end)), place.stem) or "archive"
    folder, number = place.with_name(name), 1
    while folder.exists():
        number += 1
        folder = place.with_name(f"{name}_{number}")
    return folder


def _unpack(source: Path, folder: Path, kind: str, shown: str, work: Unpacking) -> None:
    packed = max(source.stat().st_size, 1)
    before = work.bytes
    folder.mkdir(parents=True)
    for name, opened in _members(source, kind, shown, work):
        work.entries += 1
        if work.entries > work.limits.entries:
            raise TooMuch(f"there are more than {work.limits.entries:,} files")
        place = _inside(folder, name)
        if place is None:
            work.refuse(f"{shown}:{name}"[:300], "its name leads out of the archive")
            continue
        if place.exists():
            work.refuse(f"{shown}:{name}"[:300], "the archive holds two files of this name; the first is used")
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        with opened as stream, open(place, "wb") as out:
            while block := stream.read(BLOCK):
                work.bytes += len(block)
                if work.bytes > work.limits.total_bytes:
                    raise TooMuch(f"unpacked it has more than {work.limits.total_bytes / 2**30:.1f} GB")
                if work.bytes - before > 16 * 2**20 and work.bytes - before > work.limits.ratio * packed:
                    raise TooMuch(f"unpacked it is more than {work.limits.ratio} times as large (a bomb)")
                out.write(block)


def _inside(folder: Path, name: str) -> Path | None:
    """Where a member goes; None when its name is absolute or climbs out."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if not parts or parts[0] == "/" or ".." in parts or ":" in parts[0] or any("\0" in part or len(part.encode()) > 255 for part in parts):
        return None
    return folder.joinpath(*parts)


def _members(source: Path, kind: str, shown: str, work: Unpacking) -> Iterator[tuple[str, IO[bytes]]]:
    """Name and content of each regular file; links and devices are refused."""
    if kind == "zip":
        with zipfile.ZipFile(source) as archive:
            for entry in archive.infolist():
                mode = entry.external_attr >> 16
                if entry.is_dir():
                    continue
                if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
                    work.refuse(f"{shown}:{entry.filename}", "it is a link or a device")
                elif entry.flag_bits & 1:
                    work.refuse(f"{shown}:{entry.filename}", "it is encrypted")
                else:
                    yield entry.filename, archive.open(entry)
        return
    with open_bytes(source) as unpacked, tarfile.open(fileobj=unpacked, mode="r|") as archive:
        for member in archive:
            if member.isdir():
                continue
            if not member.isreg():
                work.refuse(f"{shown}:{member.name}", "it is a link or a device")
                continue
            content = archive.extractfile(member)
            if content is not None:
                yield member.name, content


def main() -> None:
    """Reads `/job/input.json` ({limits}) and writes `/out/raw` and `/out/result.json`."""
    job = Path(os.environ.get("SMITH_JOB", "/job"))
    out = Path(os.environ.get("SMITH_OUT", "/out"))
    given = json.loads((job / "input.json").read_text())
    result = ingest(job / "raw", out / "raw", Limits(**given.get("limits", {})))
    (out / "result.json").write_text(json.dumps(result))


if __name__ == "__main__":
    main()
