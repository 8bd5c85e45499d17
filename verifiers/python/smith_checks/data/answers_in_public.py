"""The answers, or what tells them, in a public file: in the clear, packed, or encoded."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd

from smith_checks.check import Check, Finding, Outcome, clip
from smith_checks.layers import MOST_BYTES, layers, text_of
from smith_checks.package import Package
from smith_checks.statistics import rank_correlation

CHECK = Check(
    id="answers-in-public",
    title="A public file holds the answers",
    severity="fatal",
    blame="refactor",
    why="Published benchmarks shipped answers in archives and side files; agents open everything.",
    threshold="a column or sequence that agrees with the answers in 98 percent of the test rows, where chance would give less than half",
    origin="on the least of tests, 40 rows, guesses that are right half of the time are right in every row once in 10^12; the 2 "
    "percent are left to answers that were rounded or written otherwise",
)

MOST_FILES = 400
# With fewer rows chance could agree; -log10 of that chance.
_LEAST_ROWS, _SURE = 20, 8.0


def run(package: Package) -> Outcome:
    outcome = Outcome(measured={"files": 0, "layers": 0})
    answers = _Answers(package)
    known = {"train.csv", "test.csv", "sample_submission.csv"}
    media = set()
    if package.media_column is not None:
        media = set(package.train[package.media_column].astype("str")) | set(package.test[package.media_column].astype("str"))
    private = [path for path in sorted(package.private.rglob("*")) if path.is_file()]
    for name in package.public_files:
        if Path(name).name in {path.name for path in private}:
            outcome.findings.append(Finding(f"Remove {name} from the public folder.", "it has the name of a private file"))
        if name in media:
            continue
        outcome.measured["files"] += 1
        if outcome.measured["files"] > MOST_FILES:
            break
        with (package.public / name).open("rb") as file:
            content = file.read(MOST_BYTES)
        for how, layer in layers(content, 0):
            outcome.measured["layers"] += 1
            # The known tables are judged by other checks as tables; here only what is packed or encoded in them.
            found = None if (name in known and how in ("", "backwards")) else answers.found_in(layer)
            if found is not None:
                outcome.findings.append(
                    Finding(f"Remove the answers from {clip(name, 120)}.", f"{clip(name, 120)}{f' ({how})' if how else ''}: {found}")
                )
                break
    others = [PurePosixPath(name) for name in package.public_files if name not in media | known]
    if len(others) >= _LEAST_ROWS:
        found = answers.found_in("\n".join(path.stem for path in others).encode())
        if found is not None:
            outcome.findings.append(Finding("Give the public files names that say nothing.", f"names of {len(others)} files: {found}"))
    names = _in_names(package)
    if names is not None:
        outcome.findings.append(names)
    return outcome


class _Answers:
    """The answers as texts, in the order of the answers and of the test."""

    def __init__(self, package: Package) -> None:
        self.ids = package.answers[package.id].astype("str").to_numpy()
        self.columns = {}
        for name in package.targets[:12]:
            values = package.answers[name]
            texts = values.map(_plain).to_numpy()
            frequent = pd.Series(texts).value_counts(normalize=True)
            if len(texts) >= _LEAST_ROWS and frequent.iloc[0] < 0.97:
                self.columns[name] = (texts, float((frequent**2).sum()))
        # Columns by which rows of another table may be looked up: values that name the rows, more or less.
        aligned = package.test.set_index(package.id).reindex(self.ids)
        self.keys = {}
        for name in package.features[:60]:
            cells = aligned[name].astype("str").to_numpy()
            if 10 <= len(set(cells)) and not pd.api.types.is_float_dtype(aligned[name]):
                self.keys[repr(name)] = cells
        order = pd.Series(np.arange(len(self.ids)), index=self.ids).reindex(package.test[package.id].astype("str"))
        self.test_order = order.to_numpy(dtype=float, na_value=0).astype(int)

    def found_in(self, content: bytes) -> str | None:
        """How the content gives the answers, if it does."""
        text = text_of(content)
        if text is None or not self.columns:
            return None
        lines = [line for line in text.splitlines() if line.strip()]
        tables = [table for separator in (",", "\t", ";", "|", " ", "-", "_") for table in _cells(lines, separator)]
        tables.append([[line.strip() for line in lines]])
        tables += _json_columns(text)
        if len(lines) < 50:
            tokens = re.findall(r"[^\s,;|\[\]{}\"']+", text)
            tables.append([tokens])
        for table in tables:
            for key, names in (("the ids", self.ids), *self.keys.items()):
                by_key = _rows_by(table, names)
                if by_key is None and key != "the ids":
                    continue
                for values in table:
                    found = self._agrees(values, by_key, key)
                    if found:
                        return found
        return None

    def _agrees(self, values: list[str], by_id: np.ndarray | None, key: str) -> str | None:
        cells = np.array([_plain(value.strip().strip("\"'`")) for value in values], dtype=object)
        size = len(self.ids)
        for name, (truth, chance) in self.columns.items():
            limit = max(0.98, chance + 0.5 * (1 - chance))
            if by_id is not None:
                usable = by_id >= 0
                # Of a part of the rows, so many that chance cannot agree with them all.
                sure = usable.sum() * -np.log10(max(chance, 1e-9)) > _SURE
                part, wanted = cells[by_id[usable]], truth[usable]
                # Few rows agree under some renaming by chance: there only equality counts.
                agreement = _agreement(part, wanted) if usable.mean() > 0.9 else float((part == wanted).mean())
                if (sure or usable.mean() > 0.9) and agreement >= limit:
                    return f"a column beside {key} of {int(usable.sum())} rows holds {name!r}"
                if usable.mean() > 0.9 and _orders(part, wanted):
                    return f"a column beside {key} of {int(usable.sum())} rows orders them as {name!r} does"
            if key != "the ids":
                continue
            for start in {0, 1, max(0, len(cells) - size)}:
                part = cells[start : start + size]
                if len(part) == size:
                    for arranged in (truth, truth[self.test_order]):
                        if _agreement(part, arranged) >= limit:
                            return f"a sequence of {size} values is {name!r} of the test"
        return None


def _rows_by(table: list[list[str]], wanted: np.ndarray) -> np.ndarray | None:
    """Positions in the table of the test rows' names, when one of its columns holds many of them, each once, and little else."""
    for values in table[:40]:
        cells = [value.strip().strip("\"'`") for value in values]
        for names in (cells, [_last_number(cell) for cell in cells]):
            place = {name: position for position, name in enumerate(names)}
            rows = np.array([place.get(identifier, -1) for identifier in wanted])
            found = int((rows >= 0).sum())
            if len(table) > 1 and found >= _LEAST_ROWS and (found > 0.9 * len(wanted) or found > 0.9 * (len(values) - 3)):
                return rows
    return None


def _orders(found: np.ndarray, truth: np.ndarray) -> bool:
    """Numbers that stand in the order of the truth, up or down."""
    left, right = (pd.to_numeric(pd.Series(side), errors="coerce").to_numpy(dtype=float) for side in (found, truth))
    known = ~(np.isnan(left) | np.isnan(right))
    if known.mean() < 0.9 or len(np.unique(right[known])) < 10 or len(np.unique(left[known])) < 10:
        return False
    return abs(rank_correlation(left[known], right[known])) > 0.999


def _last_number(text: str) -> str:
    """The digits at the end of a name, as ids are often given a prefix."""
    found = re.search(r"(\d+)$", text)
    return found[1] if found else ""


def _json_columns(text: str) -> list[list[list[str]]]:
    """Keys and values of the objects of a JSON text, and the fields of lists of records."""
    if text.lstrip()[:1] not in ("{", "["):
        return []
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return []
    tables, left = [], [value]
    while left and len(tables) < 20:
        one = left.pop()
        if isinstance(one, dict):
            if len(one) >= _LEAST_ROWS:
                tables.append([[str(key) for key in one], [str(inner) for inner in one.values()]])
            left += [inner for inner in list(one.values())[:200] if isinstance(inner, dict | list)]
        elif isinstance(one, list) and one:
            if all(isinstance(item, dict) for item in one):
                names = list(one[0])[:40]
                tables.append([[str(item.get(name, "")) for item in one] for name in names])
            elif all(isinstance(item, list) for item in one):
                width = min(len(item) for item in one)
                tables.append([[str(item[place]) for item in one] for place in range(min(width, 40))])
            else:
                tables.append([[str(item) for item in one]])
    return tables


def _agreement(found: np.ndarray, truth: np.ndarray) -> float:
    """Share of equal values, or of values under the best renaming when there are few."""
    if len(found) == 0:
        return 0.0
    equal = float((found == truth).mean())
    if equal > 0.9:
        return equal
    left, names = pd.factorize(found)
    right, labels = pd.factorize(truth)
    if len(names) > max(2 * len(labels), len(labels) + 5) or len(labels) > len(truth) / 5 or len(names) < 2:
        return equal
    table = np.bincount(left * len(labels) + right, minlength=len(names) * len(labels)).reshape(len(names), -1)
    return float(table.max(axis=1).sum() / len(found))


def _plain(value: object) -> str:
    """Numbers in one notation: 1, 1.0 and 1e0 are equal."""
    try:
        return f"{float(str(value)):.6g}"
    except ValueError:
        return str(value).strip()


def _cells(lines: list[str], separator: str) -> list[list[list[str]]]:
    """Tables of the lines that have equally many cells: those of the three most frequent widths."""
    if not any(separator in line for line in lines[:200] + lines[-200:]):
        return []
    rows = [line.split(separator) for line in lines]
    widths = Counter(len(row) for row in rows if len(row) > 1)
    tables = []
    for width, count in widths.most_common(3):
        if count >= _LEAST_ROWS:
            tables.append([list(column) for column in zip(*(row for row in rows if len(row) == width), strict=True)][:60])
    return tables


def _in_names(package: Package) -> Finding | None:
    """A file name that spells out the labels in order, or a folder of the private part."""
    for name in package.public_files:
        if re.search(r"(^|/)(private|answers?|solutions?|ground_?truth|labels?_test|test_labels?)(/|\.|_|$)", name, re.IGNORECASE):
            return Finding(f"Remove {clip(name, 120)} from the public folder.", "its name says that it holds answers", severity="major")
    return None
