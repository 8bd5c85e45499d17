"""Files of the test whose content stands in train as well: the same bytes, or the same picture packed anew or under faint noise."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from smith_checks.check import Check, Finding, Outcome, skip
from smith_checks.columns import spread
from smith_checks.package import Package

CHECK = Check(
    id="media-duplicates-across-sides",
    title="Files of the test have (near-)copies in train",
    severity="fatal",
    blame="refactor",
    why="One photograph in two sizes, one recording under two names: who finds the copy has the answer.",
    threshold="2 percent of the test files with equal bytes, or with a picture in train that lies nearer than a quarter of the sixth nearest",
    origin="2 percent as for rows; the quarter is a judgement, below which lie copies packed anew and under faint noise, and above "
    "which lie pictures of one thing",
)

LEAST_SHARE, LEAST_FILES, NEAR, NEIGHBOURS, SIDE = 0.02, 3, 0.25, 6, 24
MOST_TRAIN, MOST_TEST = 4000, 600


def run(package: Package) -> Outcome:
    name = package.media_column
    if name is None:
        return skip("rows name no files")
    outcome = Outcome(measured={})
    paths = [[package.public / path for path in frame[name].astype("str")] for frame in (package.train, package.test)]
    known = {_digest(path) for path in paths[0]}
    equal = sum(_digest(path) in known for path in paths[1])
    outcome.measured["equal files"] = equal
    if equal >= LEAST_FILES and equal >= LEAST_SHARE * len(paths[1]):
        return _found(outcome, f"{equal} test files are also in train")
    if package.manifest["media"]["kind"] != "image":
        return outcome
    left, right = (_thumbnails([side[place] for place in spread(len(side), most)]) for side, most in zip(paths, (MOST_TRAIN, MOST_TEST), strict=True))
    if len(left) < 50 or len(right) < 20:
        return outcome
    squared = (right**2).sum(axis=1)[:, None] + (left**2).sum(axis=1)[None, :] - 2 * right @ left.T
    nearest = np.sqrt(np.maximum(np.partition(squared, NEIGHBOURS - 1, axis=1)[:, :NEIGHBOURS], 0))
    nearest.sort(axis=1)
    copies = (nearest[:, 0] < NEAR * nearest[:, -1]).sum()
    outcome.measured |= {"compared": len(right), "near copies": int(copies)}
    if copies >= LEAST_FILES and copies > LEAST_SHARE * len(right):
        return _found(outcome, f"{int(copies)} of {len(right)} test pictures compared have a near-copy in train")
    return outcome


def _found(outcome: Outcome, evidence: str) -> Outcome:
    outcome.findings.append(Finding("Remove copies before the split, or keep them on one side.", evidence, repair={"kind": "deduplicate"}))
    return outcome


def _digest(path: Path) -> str:
    if not path.is_file():
        return str(path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _thumbnails(paths: list[Path]) -> np.ndarray:
    """Small grey pictures as rows of numbers; what cannot be read is left out."""
    from PIL import Image

    rows = []
    for path in paths:
        try:
            with Image.open(path) as image:
                rows.append(np.asarray(image.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX), dtype=float).ravel())
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            continue
    return np.array(rows) if rows else np.zeros((0, SIDE * SIDE))

