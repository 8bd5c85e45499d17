"""The files of a test row hold the row's own answer: in a field, a side file, an archive."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import numpy as np

from smith_checks.check import Check, Finding, Outcome, clip, skip
from smith_checks.layers import layers
from smith_checks.package import Package

CHECK = Check(
    id="label-inside-test-file",
    title="Files of test rows hold their answers",
    severity="fatal",
    blame="refactor",
    why="Side files and fields that annotators left beside the signal are copied with it; an agent that opens one test file has the label.",
    threshold="the row's own answer stands in the files of nine tenths of the test rows, and another row's answer in at least half of the rows fewer",
    origin="a tenth is left to rows whose files are missing or cut; another row's answer is the control: a word that stands in all "
    "files tells nothing",
)

LEAST_ROWS, MOST_ROWS, MOST_BYTES, MOST_FILES = 20, 200, 2_000_000, 6
OWN, APART = 0.9, 0.5


def run(package: Package) -> Outcome:
    files = _files_of_rows(package)
    if len(files) < LEAST_ROWS:
        return skip("the test rows have no files of their own")
    outcome = Outcome(measured={"rows with files": len(files)})
    ids = package.test[package.id].astype("str").to_numpy()
    for column in package.target_columns[:4]:
        answers = package.aligned_answers[column.name].map(_written).to_numpy()
        rows = [row for row in files if len(answers[row]) >= (1 if column.is_class else 3)]
        rows = [rows[place] for place in np.unique(np.linspace(0, len(rows) - 1, min(len(rows), MOST_ROWS)).round().astype(int))] if rows else []
        if len(rows) < LEAST_ROWS or len({answers[row] for row in rows}) < 2:
            continue
        order = np.random.default_rng(7).permutation(len(rows))
        own = other = compared = 0
        for row, place in zip(rows, order, strict=True):
            texts = [text for path in files[row] for text in _texts(package.public / path)]
            own += _holds(texts, answers[row])
            strange = answers[rows[place]]
            if strange != answers[row]:
                compared += 1
                other += _holds(texts, strange)
        share, chance = own / len(rows), other / max(1, compared)
        outcome.measured[column.name] = {"own": share, "another's": chance}
        if share >= OWN and share - chance >= APART:
            example = rows[0]
            outcome.findings.append(
                Finding(
                    f"Take what tells {column.name!r} out of the files of the test rows.",
                    f"the answer stands in the files of {share:.0%} of the test rows, another row's in {chance:.0%}; "
                    f"for example {clip(answers[example], 60)!r} in {clip(files[example][0], 120)} of row {clip(ids[example], 60)!r}",
                )
            )
    return outcome


def _files_of_rows(package: Package) -> dict[int, list[str]]:
    """Public files by test row: those that its media column or its id names, and those that share their stem."""
    known = {"train.csv", "test.csv", "sample_submission.csv", "description.md", "attribution.txt"}
    by_stem: dict[str, list[str]] = {}
    for name in package.public_files:
        if name in known:
            continue
        path = PurePosixPath(name)
        for key in {path.stem, path.name, *re.split(r"[_.\-]", path.stem)[:2], *path.parts[:-1]}:
            by_stem.setdefault(key, []).append(name)
    media = package.test[package.media_column].astype("str").to_numpy() if package.media_column is not None else None
    files = {}
    for row, identifier in enumerate(package.test[package.id].astype("str")):
        keys = [identifier, PurePosixPath(identifier).stem]
        if media is not None:
            keys.append(PurePosixPath(media[row]).stem)
        named = {path for key in keys for path in by_stem.get(key, [])}
        # The files of a train row may have the same name in another folder.
        own = sorted(path for path in named if not path.lower().startswith("train"))
        if 0 < len(own) <= MOST_FILES:
            files[row] = own
    return files


def _written(value: object) -> str:
    """An answer as files write it; numbers in their shortest form."""
    try:
        return f"{float(str(value)):.12g}"
    except ValueError:
        return str(value).strip()


def _texts(path: Path) -> Iterator[str]:
    """Readable text of a file, of what is packed in it, and of the parts of a MATLAB file."""
    with path.open("rb") as file:
        content = file.read(MOST_BYTES)
    for _, layer in layers(content, 1):
        for part in (layer, *_matlab(layer)):
            yield part.decode("latin-1")
            if b"\x00" in part[:4000]:
                yield part.replace(b"\x00", b"").decode("latin-1")


def _matlab(content: bytes) -> Iterator[bytes]:
    """Decompressed elements of a MATLAB 5 file."""
    if not content.startswith(b"MATLAB 5.0"):
        return
    place = 128
    while place + 8 <= len(content):
        kind, size = struct.unpack_from("<II", content, place)
        if kind == 15:
            try:
                yield zlib.decompressobj().decompress(content[place + 8 : place + 8 + size], MOST_BYTES)
            except zlib.error:
                return
        place += 8 + size


def _holds(texts: list[str], answer: str) -> bool:
    """Whether the answer stands there as a word of its own, in any case; in bytes that are no text words have no borders."""
    pattern = re.compile(rf"(?<![A-Za-z0-9.]){re.escape(answer)}(?:\.0+)?(?![A-Za-z0-9]|\.\d)", re.IGNORECASE)
    return any((answer.lower() in text.lower()) if "\x00" in text and len(answer) >= 3 else pattern.search(text) for text in texts)
