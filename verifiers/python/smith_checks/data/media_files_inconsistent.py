"""Rows name files that are absent, or files are there that no row names."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from smith_checks.check import Check, Finding, Outcome, clip, skip
from smith_checks.columns import spread
from smith_checks.package import Package

CHECK = Check(
    id="media-files-inconsistent",
    title="Files that rows name are missing, unsafe, used twice, or orphaned",
    severity="fatal",
    blame="refactor",
    why="A missing image is a row that nobody can predict; an orphan is a row whose label leaks or whose answer is lost.",
    stage="structure",
    threshold="any; files that are cut short from 2 percent on, as raw data have a few",
    origin="2 percent as for duplicates: fewer unreadable files do not move a score beyond noise",
)

MOST_READ, MOST_BROKEN = 400, 0.02


def run(package: Package) -> Outcome:
    name = package.media_column
    if name is None:
        return skip("rows name no files")
    if name not in package.train or name not in package.test:
        return Outcome(findings=[Finding(f"Give both tables the column {name!r} that names files.", "it is missing")])
    outcome = Outcome()
    public = set(package.public_files)
    used: dict[str, set[str]] = {}
    for side, frame in (("train", package.train), ("test", package.test)):
        paths = frame[name].astype("str")
        used[side] = set(paths)
        unsafe = [path for path in used[side] if path.startswith("/") or ".." in PurePosixPath(path).parts or "\\" in path]
        absent = sorted(used[side] - public - set(unsafe))
        empty = [path for path in sorted(used[side] & public) if (package.public / path).stat().st_size == 0]
        outcome.measured[side] = {"rows": len(frame), "files": len(used[side]), "absent": len(absent)}
        cut = _unreadable(package.public, sorted((used[side] & public) - set(empty)))
        problems = {
            "are not in the public folder": absent,
            "lead out of the public folder": unsafe,
            "are empty": empty,
            "cannot be read to their end": cut,
        }
        for problem, paths_found in problems.items():
            if paths_found:
                outcome.findings.append(
                    Finding(f"Mend the files of {side} that {problem}.", f"{len(paths_found)}, for example {clip(paths_found[0], 120)!r}")
                )
    both = used["train"] & used["test"]
    if both:
        outcome.findings.append(Finding("One file must not be in train and in test.", f"{len(both)}, for example {sorted(both)[0]!r}"))
    folders = {str(PurePosixPath(path).parent) for side in used.values() for path in side} - {"."}
    orphans = [path for path in sorted(public) if str(PurePosixPath(path).parent) in folders and path not in used["train"] | used["test"]]
    outcome.measured["orphans"] = len(orphans)
    if orphans:
        outcome.findings.append(Finding("Remove files that no row names.", f"{len(orphans)}, for example {clip(orphans[0], 120)!r}"))
    return outcome


def _unreadable(public: Path, paths: list[str]) -> list[str]:
    """Of some of the files, those that are cut short; none where that is the exception that raw data have."""
    chosen = [paths[place] for place in spread(len(paths), MOST_READ)]
    cut = [path for path in chosen if not _whole(public / path)]
    return cut if len(cut) > MOST_BROKEN * len(chosen) else []


def _whole(path: Path) -> bool:
    content = path.read_bytes()
    if content.startswith(b"RIFF") and content[8:12] == b"WAVE":
        return int.from_bytes(content[4:8], "little") <= len(content) - 8 + 1
    if content.startswith(b"\x89PNG"):
        return b"IEND" in content
    if content.startswith(b"\xff\xd8"):
        return b"\xff\xd9" in content[-len(content) // 2 :]
    return True
