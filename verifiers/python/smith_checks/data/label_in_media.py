"""Names, folders, sizes, headers or dates of files tell the label."""

from __future__ import annotations

import re
import wave
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd

from smith_checks.check import Check, Finding, Outcome, skip
from smith_checks.columns import feature_of
from smith_checks.disguises import number_parts, text_parts
from smith_checks.package import Package
from smith_checks.parts_of_files import parts_of_file
from smith_checks.statistics import lookup_gain, lookup_gain_significant

CHECK = Check(
    id="label-in-media",
    title="A file's name, size, header or date tells its label",
    severity="fatal",
    blame="refactor",
    why="Folders named for classes, speakers in file names, camera models in headers: the picture need not be looked at.",
    threshold="names and dates: half of a constant's error; size, shape and header, which may differ by nature: 95 percent",
    origin="a name owes nothing to the label, so that a lookup that was learned on train and removes half of the error on test is "
    "one: on the least of tests (40 rows, two classes) z of 3, on others more; what nature decides may be related, and is a "
    "leak where it leaves less than the ladder's twentieth",
)

NAMES, NATURE = 0.5, 0.95
MOST_FILES, MOST_PARTS, MOST_FINDINGS = 4000, 40, 8
_NATURAL = re.compile(r"pixel|sample|header|bytes|segment E")


def run(package: Package) -> Outcome:
    name = package.media_column
    if name is None:
        return skip("rows name no files")
    outcome = Outcome(measured={})
    measured: dict[str, float] = {}
    rows = [np.linspace(0, len(frame) - 1, min(len(frame), MOST_FILES)).astype(int) for frame in (package.train, package.test)]
    paths = [frame[name].astype("str").iloc[chosen].reset_index(drop=True) for frame, chosen in zip((package.train, package.test), rows, strict=True)]
    for column in package.target_columns[:4]:
        y_train, y_test = column.train[rows[0]], column.test[rows[1]]
        if not lookup_gain_significant(y_test, column.is_class):
            continue
        for what, limit, left, right in _measures(package, paths):
            if pd.concat([left, right]).nunique() < 2:
                continue
            feature = feature_of(what, left, right)
            codes = feature.lookup_codes()
            gain = lookup_gain(codes[0], y_train, codes[1], y_test, column.is_class)
            measured[what] = max(gain, measured.get(what, -1.0))
            if gain >= limit and len(outcome.findings) < MOST_FINDINGS:
                outcome.findings.append(
                    Finding(f"Give the files names, dates and headers that say nothing: {what} tells {column.name!r}.", f"it removes {gain:.0%} of a constant's error")
                )
    outcome.measured["strongest"] = dict(sorted(measured.items(), key=lambda entry: -entry[1])[:12])
    return outcome


def _measures(package: Package, paths: list[pd.Series]):  # noqa: ANN202 (an iterator of name, limit and both sides)
    stems = [side.map(lambda path: PurePosixPath(path).stem) for side in paths]
    yield "the folder", NAMES, *(side.map(lambda path: str(PurePosixPath(path).parent)) for side in paths)
    yield "the extension", NAMES, *(side.map(lambda path: PurePosixPath(path).suffix) for side in paths)
    yield "the length of the name", NAMES, *(side.str.len() for side in stems)
    yield "the number in the name", NAMES, *(pd.to_numeric(side.str.extract(r"(\d+)\D*$", expand=False), errors="coerce") for side in stems)
    parts = [side.str.split(r"[_\-\s.]+", expand=True, regex=True) for side in stems]
    for place in range(min(6, parts[0].shape[1], parts[1].shape[1])):
        yield f"part {place + 1} of the name", NAMES, *(side[place].fillna("") for side in parts)
    for where, left, right in text_parts(*stems):
        yield f"the name, {where}", NAMES, pd.Series(left), pd.Series(right)
    numbers = pd.to_numeric(pd.concat(stems, ignore_index=True).str.extract(r"(\d+)\D*$", expand=False), errors="coerce")
    for where, left, right in number_parts(numbers.to_numpy(dtype=float, na_value=np.nan), len(stems[0])):
        yield f"the number in the name, {where}", NAMES, pd.Series(left), pd.Series(right)
    if package.modified:
        yield "the date of change", NAMES, *(side.map(lambda path: package.modified.get(path, -1)) for side in paths)
    sizes = [side.map(lambda path: _size(package.public / path)) for side in paths]
    yield "the size", NATURE, *sizes
    if max(side.max() for side in sizes) - min(side.min() for side in sizes) > 1000:
        # Where sizes lie close together their last digits are the size itself, which may differ by nature.
        yield "the last two digits of the size", NAMES, *(side % 100 for side in sizes)
    spread = max(side.max() for side in sizes) - min(side.min() for side in sizes)
    for divisor in (8, 10, 16, 32, 64, 100):
        if spread > 3 * divisor:
            yield f"the remainder of the size by {divisor}", NAMES, *(side % divisor for side in sizes)
    headers = [side.map(lambda path: _header(package.public / path)) for side in paths]
    yield "the header", NATURE, *headers
    yield from _inside(package, paths)


def _inside(package: Package, paths: list[pd.Series]):  # noqa: ANN202
    """Chunks, segments and bytes after the end; single pixels and samples, of which nature decides little."""
    found = [[parts_of_file(package.public / path) for path in side] for side in paths]
    names = sorted({name for side in found for parts in side for name in parts})
    for name in names[:MOST_PARTS]:
        parts = [[of_file.get(name, b"") for of_file in side] for side in found]
        limit = NATURE if _NATURAL.search(name) else NAMES
        yield name, limit, *(pd.Series([part.hex() for part in side], dtype="str") for side in parts)
        for place in range(min(16, max((len(part) for side in parts for part in side), default=0))):
            yield f"{name}, byte {place + 1},", limit, *(pd.Series([part[place] if place < len(part) else -1 for part in side]) for side in parts)


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _header(path: Path) -> str:
    """What the file says of itself before its content: kind, shape, mode, comments, sample rate."""
    readers: list[Callable[[Path], str]] = [_image_header] if path.suffix.lower() not in {".wav", ".flac", ".ogg", ".mp3", ".csv"} else []
    if path.suffix.lower() == ".wav":
        readers = [_wave_header]
    for read in readers:
        try:
            return read(path)
        except Exception:  # not of this kind
            continue
    return ""


def _image_header(path: Path) -> str:
    from PIL import Image

    with Image.open(path) as image:
        information = sorted(f"{key}={str(value)[:60]}" for key, value in image.info.items() if key not in {"exif", "icc_profile", "jfif_density"})
        tags = sorted(f"{tag}={str(value)[:60]}" for tag, value in image.getexif().items())
        return f"{image.format} {image.size} {image.mode} {information} {tags}"


def _wave_header(path: Path) -> str:
    with wave.open(str(path)) as file:
        return f"{file.getnchannels()} {file.getsampwidth()} {file.getframerate()}"
