"""The description says something of the tables, the target or the labels that is not so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from smith_checks.check import Check, Finding, Outcome, clip, skip
from smith_checks.package import Package

CHECK = Check(
    id="description-contradicts-data",
    title="The description says of the data what the data do not hold",
    severity="major",
    blame="refactor",
    why="Numbers of rows, names of columns, labels and the positive class are taken from the description; one wrong word costs a "
    "solver the score, or an agent its budget.",
    threshold="statements that can be read without doubt: rows and columns of a table in the line that names it, the table of columns, "
    "the target's section, the columns and labels of the submission, the positive class, the unit, groups on both sides",
)

_TABLES = ("train.csv", "test.csv", "sample_submission.csv")
_ROUGHLY = re.compile(r"\b(about|around|roughly|nearly|almost|over|under|up to|at least|at most|more than|less than|some)\s+$|[~≈><]\s*$", re.IGNORECASE)
_LIST = r"((?:`[^`\n]+`(?:\s*,\s*(?:and\s+|or\s+)?|\s+and\s+|\s+or\s+)?)+)"


def run(package: Package) -> Outcome:
    text = package.sources.get("description", "")
    if text.strip() == "":
        return skip("there is no description")
    outcome = Outcome(measured={"statements": 0})
    sections = list(_sections(text))
    for message, evidence, wrong in _statements(package, text, sections):
        outcome.measured["statements"] += 1
        if wrong:
            outcome.findings.append(Finding(message, clip(evidence, 300)))
    return outcome


def _statements(package: Package, text: str, sections: list[tuple[str, str]]) -> Iterator[tuple[str, str, bool]]:
    """What to change if a statement is wrong, the statement, and whether it is."""
    yield from _sizes(package, text)
    yield from _columns(package, text)
    train = set(package.train.columns)
    for heading, body in sections:
        if re.match(r"(the )?target", heading, re.IGNORECASE):
            first = re.search(r"`([^`\n]+)`", body)
            if first is not None and not _shortened(first[1]) and not re.search(r"\.\w{2,5}$", first[1]):
                yield "Name the target as train.csv does.", f"the section on the target begins with {first[1]!r}", first[1] not in train
        if re.search(r"submission|submit", heading, re.IGNORECASE):
            yield from _submission(package, re.sub(r"```.*?```", "", body, flags=re.DOTALL))
    yield from _positive(package, text)
    unit = package.manifest["target"].get("unit")
    if unit:
        # Markdown may write `$` as `\\$`.
        yield f"Give the target's unit, {unit!r}.", f"{unit!r} does not occur", unit.lower() not in text.lower().replace("\\", "")
    for name in package.groups:
        for sentence in re.split(r"(?<=[.!?;:])\s+|\n", text):
            if f"`{name}`" in sentence and re.search(r"\bboth\b[^.]{0,30}\btrain\b[^.]{0,20}\btest\b|on both sides", sentence, re.IGNORECASE):
                denied = re.search(r"\b(no|not|never|none|neither)\b", sentence, re.IGNORECASE) is not None
                yield f"Rows of one {name!r} are on one side only: say so.", sentence, not denied


def _sizes(package: Package, text: str) -> Iterator[tuple[str, str, bool]]:
    frames = {"train.csv": package.train, "test.csv": package.test, "sample_submission.csv": package.sample}
    for line in text.splitlines():
        named = [name for name in _TABLES if re.search(rf"(?<![\w./-]){re.escape(name)}(?![\w.])", line)]
        if len(named) != 1 or not re.match(rf"\W*{re.escape(named[0])}", line):
            continue
        frame = frames[named[0]]
        for what, actual in (("rows", len(frame)), ("columns", len(frame.columns))):
            for match in re.finditer(rf"(?<![\d.,])(\d[\d,]*) {what}\b", line):
                if not _ROUGHLY.search(line[: match.start()]):
                    said = int(match[1].replace(",", ""))
                    yield f"{named[0]} has {actual} {what}: say so.", line.strip(), said != actual


def _columns(package: Package, text: str) -> Iterator[tuple[str, str, bool]]:
    """Markdown tables whose first column is headed `column`: what they list is there, and nothing is left out."""
    known = set(package.train.columns) | set(package.test.columns)
    for table in re.findall(r"(?:^\|.*\|[ \t]*\n?)+", text, re.MULTILINE):
        lines = table.strip().splitlines()
        if len(lines) < 2 or not re.match(r"\|\s*(column|feature|variable|field)s?\s*\|", lines[0], re.IGNORECASE):
            continue
        cells = [re.split(r"(?<!\\)\|", line)[1].strip() for line in lines[2:]]
        summary = any(len(re.findall(r"`[^`]+`", cell)) != 1 or _shortened(cell) or not re.fullmatch(r"`[^`]+`", cell) for cell in cells)
        names = [match[1].replace("\\|", "|") for cell in cells for match in re.finditer(r"`([^`]+)`", cell) if not _shortened(match[1])]
        # A list of other things is none of these tables'; one of as many columns is.
        if names and sum(name in known for name in names) < 0.5 * len(names) and len(names) != len(package.test.columns) - 1:
            continue
        absent = [name for name in names if name not in known]
        yield "The list of columns names what the tables lack.", f"not in train.csv or test.csv: {absent[:5]}", bool(absent)
        if not summary:
            omitted = [name for name in package.test.columns if name != package.id and name not in names]
            # A list of a few of many columns is a choice; one without a row is none.
            meant_whole = not names or len(omitted) < 0.5 * len(package.test.columns)
            yield "The list of columns leaves some out.", f"not listed: {[str(name) for name in omitted[:5]]}", bool(omitted) and meant_whole


def _submission(package: Package, body: str) -> Iterator[tuple[str, str, bool]]:
    wanted = [str(name) for name in package.sample.columns]
    target = package.manifest["target"]
    for match in re.finditer(rf"\bcolumns?\s+{_LIST}", body):
        names = [name for name in re.findall(r"`([^`\n]+)`", match[1]) if not _shortened(name)]
        yield "Name the submission's columns as the sample submission does.", match[0], any(name not in wanted for name in names)
    for match in re.finditer(r"`([^`\n]+)` holds\b", body):
        yield "Name the submission's columns as the sample submission does.", match[0], match[1] not in wanted and not _shortened(match[1])
    for match in re.finditer(r"\beach `([^`\n]+)` of `?test\.csv", body):
        yield f"Rows are named by {package.id!r}.", match[0], match[1] != package.id
    labels = set(target["labels"] or [])
    if package.manifest["submission"]["kind"] == "label" and labels:
        for match in re.finditer(rf"(?:labels?|values|one of)[^`\n]{{0,40}}?:?\s+{_LIST}", body):
            given = [name for name in re.findall(r"`([^`\n]+)`", match[1]) if not _shortened(name)]
            if given and sum(name in labels for name in given) >= 0.5 * len(given):
                strange = [name for name in given if name not in labels]
                yield "Give the labels as the metric takes them.", f"no labels: {strange[:5]}", bool(strange)


def _positive(package: Package, text: str) -> Iterator[tuple[str, str, bool]]:
    labels = package.manifest["target"]["labels"] or []
    if len(labels) != 2 or package.manifest["submission"]["kind"] != "score":
        return
    for pattern in (r"positive (?:class|label)(?: is|:)? `([^`\n]+)`", r"\bhigher\b[^`\n.]{0,40}`([^`\n]+)` is (?:more )?likely"):
        for match in re.finditer(pattern, text, re.IGNORECASE):
            yield f"The positive class is {labels[1]!r}.", match[0], match[1] == labels[0]


def _shortened(name: str) -> bool:
    return "…" in name or "..." in name


def _sections(text: str) -> Iterator[tuple[str, str]]:
    """Headings with what stands below them, headings in fenced blocks apart."""
    heading, lines, fenced = "", [], False
    for line in text.splitlines():
        if re.match(r"\s*(```|~~~)", line):
            fenced = not fenced
        found = None if fenced else re.match(r"#{1,6}\s+(.*?)\s*#*$", line)
        if found:
            yield heading, "\n".join(lines)
            heading, lines = found[1], []
        else:
            lines.append(line)
    yield heading, "\n".join(lines)
