"""Tables of any common kind, every cell as the text that the file holds."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

SUFFIXES = (".csv", ".tsv", ".csv.zip", ".csv.gz", ".tsv.zip", ".json", ".jsonl", ".parquet")
LARGEST = 2 << 30


class Unreadable(Exception):
    """A file that is no table that we can read; the text says why."""


def is_table(path: Path) -> bool:
    return path.name.lower().endswith(SUFFIXES)


def read(path: Path) -> pd.DataFrame:
    """The table with every cell as text; an empty text where there is no value."""
    if path.stat().st_size > LARGEST:
        raise Unreadable(f"{path.name} is larger than 2 GiB")
    name = path.name.lower()
    try:
        if name.endswith((".csv", ".tsv", ".csv.zip", ".csv.gz", ".tsv.zip")):
            return pd.read_csv(
                path,
                sep="\t" if ".tsv" in name else ",",
                dtype="str",
                keep_default_na=False,
                encoding_errors="replace",
                # Broken rows are for the check of tables to find, in the file as it is.
                on_bad_lines="skip",
                low_memory=False,
            )
        if name.endswith(".parquet"):
            return _texts(pd.read_parquet(path))
        if name.endswith(".jsonl"):
            return _texts(pd.DataFrame([json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]))
        rows = json.loads(path.read_text("utf-8"))
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows[:100]):
            raise Unreadable(f"{path.name} is no list of records")
        return _texts(pd.DataFrame(rows))
    except Unreadable:
        raise
    except Exception as error:  # whatever a reader makes of a foreign file
        raise Unreadable(f"{path.name} cannot be read as a table: {type(error).__name__}: {str(error)[:200]}") from error


def _texts(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({str(name): [_text(value) for value in frame[name]] for name in frame.columns}, dtype="str")


def _text(value: object) -> str:
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None or value != value else str(value)


def numbers(values: pd.Series) -> pd.Series:
    """Numbers of a text column, NaN where there is none."""
    return pd.to_numeric(values.where(values.str.strip() != ""), errors="coerce")


def plain(value: str) -> str:
    """A label as metrics compare it: `1.0` is `1`, `True` is `true`."""
    text = value.strip()
    if text.lower() in {"true", "false"}:
        return text.lower()
    try:
        number = float(text)
    except ValueError:
        return text
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else text
