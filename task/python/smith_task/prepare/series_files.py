"""Copies of files that hold a series each."""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path

import pandas as pd


def copy_series(raw: Path, names: pd.Series, ids: pd.Series, public: Path, part: str) -> list[str]:
    """Copies each series to `<part>/<id>.csv`: commas, one header line, values as they are; gives the new paths."""
    (public / part).mkdir()
    written = []
    for name, number in zip(names, ids):
        target = f"{part}/{number}.csv"
        text = (raw / name).read_text(encoding="utf-8", errors="replace")
        with open(public / target, "w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(series_rows(text))
        os.utime(public / target, (946_684_800, 946_684_800))
        written.append(target)
    return written


def series_rows(text: str) -> list[list[str]]:
    """Header and rows of a delimited text; columns without a name are numbered."""
    lines = [line for line in text.lstrip("\ufeff").splitlines() if line.strip()]
    if not lines:
        return [["value_1"]]
    separator = max(",;\t|", key=lines[-1].count)
    if separator in lines[-1]:
        rows = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=separator)]
    else:
        rows = [line.split() for line in lines]

    def is_number(cell: str) -> bool:
        return re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?|nan|", cell.strip(), re.IGNORECASE) is not None

    rows[0][0] = rows[0][0].lstrip("#").strip() or (rows[0].pop(0) and "" if len(rows[0]) > len(rows[-1]) else "")
    if all(is_number(cell) for cell in rows[0]):
        header, body = [f"value_{number}" for number in range(1, len(rows[0]) + 1)], rows
    else:
        header, body = [cell or f"value_{number}" for number, cell in enumerate(rows[0], 1)], rows[1:]
    body = [row for row in body if not row[0].startswith("#")]
    return [header, *body]
