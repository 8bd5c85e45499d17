"""Tables that cannot be read as the same table by everybody."""

from __future__ import annotations

import csv
from pathlib import Path

from smith_checks.check import Check, Finding, Outcome, clip
from smith_checks.package import Package

CHECK = Check(
    id="table-malformed",
    title="A table of the package is missing or malformed",
    severity="fatal",
    blame="refactor",
    why="A ragged row, a repeated column name or bytes that are not UTF-8 are read differently by every parser.",
    stage="foundation",
)


def faults(path: Path) -> list[str]:
    """What is wrong with one CSV file: bytes, header, ragged rows, no rows."""
    if not path.is_file():
        return ["the file is missing"]
    with path.open("rb") as raw:
        if any(b"\x00" in part for part in iter(lambda: raw.read(1 << 20), b"")):
            return ["it holds zero bytes"]
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = next(reader, None)
            if not header:
                return ["the file is empty"]
            found = []
            repeated = sorted({name for name in header if header.count(name) > 1}) if len(set(header)) < len(header) else []
            if repeated:
                found.append(f"column names are repeated: {repeated[:5]}")
            if any(name.strip() == "" for name in header):
                found.append("a column has no name")
            if header[0].startswith("\ufeff"):
                found.append("the header starts with a byte order mark")
            width, rows, ragged = len(header), 0, []
            for row in reader:
                rows += 1
                if len(row) != width and not (row == [] and width == 1):
                    ragged.append(reader.line_num)
            if ragged:
                found.append(f"{len(ragged)} rows do not have {width} cells (first at line {ragged[0]})")
            if rows == 0:
                found.append("there are no rows")
            return found
    except UnicodeDecodeError as error:
        return [f"not UTF-8 at byte {error.start}"]
    except csv.Error as error:
        return [f"not a CSV file: {error}"]


def run(package: Package) -> Outcome:
    csv.field_size_limit(10_000_000)
    answers = package.private / "test_answer.csv"
    tables = [*(package.public / name for name in ("train.csv", "test.csv", "sample_submission.csv")), answers]
    outcome = Outcome(measured={"tables": len(tables)})
    for path in tables:
        if path == answers:
            shown = "private/test_answer.csv"
        else:
            shown = f"public/{path.name}"
        for fault in faults(path):
            outcome.findings.append(Finding(f"{shown}: {clip(fault)}.", clip(fault)))
    if outcome.findings:
        return outcome
    required = {
        "public/train.csv": (package.train, package.targets),
        "public/test.csv": (package.test, [package.id]),
        "public/sample_submission.csv": (package.sample, [package.id]),
        "private/test_answer.csv": (package.answers, [package.id, *package.targets, *package.auxiliary]),
    }
    for name, (frame, columns) in required.items():
        missing = [column for column in columns if column not in frame.columns]
        if missing:
            outcome.findings.append(
                Finding(f"{name} lacks the columns {missing} that the manifest declares.", f"columns: {list(frame.columns)[:40]}")
            )
        elif name != "public/train.csv" and frame.columns[0] != package.id:
            outcome.findings.append(
                Finding(f"The first column of {name} must be the id '{package.id}'.", f"first column: {frame.columns[0]}")
            )
    return outcome
