"""Types of single columns."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from .text import clip, value_text, words_of
from .times_parse import clock_seconds, month_or_weekday, number_time, parse_times, seconds_of_numbers

MARKS = {"?", "na", "n/a", "nan", "null", "none", "-", "--", ".", "..", "missing", "unknown", "nil", "#n/a", "not available"}
MEDIA = re.compile(r"\.(jpe?g|png|gif|bmp|tiff?|webp|wav|mp3|flac|ogg|m4a|aif+|csv|tsv|txt|npy|mp4|avi)$", re.IGNORECASE)
_TRUTH = [{"yes", "no"}, {"y", "n"}, {"true", "false"}, {"t", "f"}, {"0", "1"}]


@dataclass
class Column:
    """One column: its type, and its content as numbers (NaN) and as codes of its distinct values (−1)."""

    name: str
    type: str
    codes: np.ndarray
    uniques: list[object]
    missing: float
    # Numbers, booleans as 0 and 1, or times in seconds; None for other types.
    numbers: np.ndarray | None = None
    # Numbers that mean a time (year, epoch …), as `number_time` names them.
    time_kind: str | None = None
    flags: set[str] = field(default_factory=set)
    description: str | None = None
    levels: list[str] | None = None
    # Value → label from the documentation.
    labels: dict[str, str] = field(default_factory=dict)
    missing_codes: list[str] = field(default_factory=list)
    words: float | None = None
    notes: list[str] = field(default_factory=list)
    _counts: np.ndarray | None = None

    @property
    def distinct(self) -> int:
        return len(self.uniques)

    @property
    def rows(self) -> int:
        return len(self.codes)

    @property
    def filled(self) -> int:
        """Number of rows with a value."""
        return int(self.counts.sum())

    @property
    def counts(self) -> np.ndarray:
        """Rows of each distinct value."""
        if self._counts is None:
            present = self.codes[self.codes >= 0]
            self._counts = np.bincount(present, minlength=len(self.uniques))
        return self._counts

    @property
    def is_number(self) -> bool:
        return self.type in ("integer", "number")

    def seconds(self) -> np.ndarray | None:
        """The column as seconds since 1970, where it is a point in time."""
        if self.numbers is None:
            return None
        if self.type == "datetime":
            return self.numbers
        if self.time_kind in ("year", "epoch", "epoch_ms", "yyyymmdd", "yyyymm"):
            return seconds_of_numbers(self.numbers, self.time_kind)
        return None


def read_column(name: str, series: pd.Series) -> Column:
    """Types one column of a frame as a reader made it."""
    if isinstance(series.dtype, pd.CategoricalDtype):
        series = series.astype(series.cat.categories.dtype)
    if series.dtype == object:
        series = series.map(lambda cell: cell if cell is None or isinstance(cell, (str, int, float, bool)) else value_text(cell))
        kinds = {type(cell) for cell in series.dropna().head(2000)}
        if len(kinds) > 1 and kinds != {int, float}:
            series = series.map(lambda cell: cell if pd.isna(cell) else value_text(cell))
    codes, uniques = pd.factorize(series)
    column = Column(name, "empty", codes, list(uniques), float(np.mean(codes < 0)) if len(codes) else 1.0)
    if column.distinct == 0:
        return column
    dtype = series.dtype
    if pd.api.types.is_bool_dtype(dtype):
        column.type = "boolean"
        column.numbers = _take(np.array([float(bool(value)) for value in uniques]), codes)
    elif pd.api.types.is_datetime64_any_dtype(dtype):
        times = pd.Series(pd.DatetimeIndex(uniques))
        if times.dt.tz is not None:
            times = times.dt.tz_convert(None)
        column.type = "datetime"
        column.numbers = _take(times.astype("datetime64[us]").astype("int64").to_numpy() / 1e6, codes)
    elif pd.api.types.is_timedelta64_dtype(dtype):
        column.type = "number"
        column.numbers = _take(pd.Series(uniques).dt.total_seconds().to_numpy(), codes)
    elif pd.api.types.is_numeric_dtype(dtype):
        _type_numbers(column, np.asarray(uniques, dtype=float))
    else:
        _type_texts(column)
    if column.distinct == 1 and column.type not in ("path",):
        column.type = "constant"
    return column


def _take(values: np.ndarray, codes: np.ndarray) -> np.ndarray:
    return np.append(values, np.nan)[codes]


def _type_numbers(column: Column, values: np.ndarray) -> None:
    values = np.where(np.isfinite(values), values, np.nan)
    column.numbers = _take(values, column.codes)
    finite_values = values[np.isfinite(values)]
    if len(finite_values) < len(values):
        column.notes.append(f"{column.name}: infinite values")
    whole = bool(np.all(finite_values == np.floor(finite_values))) and bool(np.all(np.abs(finite_values) < 1e15))
    column.type = "integer" if whole else "number"
    if set(finite_values.tolist()) == {0.0, 1.0}:
        column.type = "boolean"
    column.time_kind = number_time(column.name, finite_values)


def _type_texts(column: Column) -> None:
    texts = [str(value) for value in column.uniques]
    stripped = [text.strip() for text in texts]
    counts = column.counts
    total = int(counts.sum())
    numbers = pd.to_numeric(pd.Series(stripped, dtype="str"), errors="coerce").to_numpy(dtype=float)
    numeric = np.isfinite(numbers)
    share = float(counts[numeric].sum()) / total
    odd = [text for text, good in zip(stripped, numeric) if not good]
    coded = any(re.fullmatch(r"\d+[A-Za-z]+|[A-Za-z]+\d+", text) for text in odd)
    if share >= 0.9 and not coded and int(numeric.sum()) >= 2 and (share >= 0.98 or all(text.lower() in MARKS for text in odd)):
        column.numbers = _take(np.where(numeric, numbers, np.nan), column.codes)
        good = numbers[numeric]
        column.type = "integer" if np.all(good == np.floor(good)) else "number"
        column.time_kind = number_time(column.name, good)
        if odd:
            column.flags.add("missing_code")
            column.missing_codes = odd[:5]
            column.notes.append(
                f"{clip(column.name)}: numbers but for {int(counts[~numeric].sum())} cells such as {clip(odd[0], 30)!r}, read as missing"
            )
        return
    lowered = {text.lower() for text in stripped}
    if len(lowered) == 2 and lowered in _TRUTH:
        column.type = "boolean"
        positive = {"yes", "y", "true", "t", "1"}
        column.numbers = _take(np.array([float(text.lower() in positive) for text in stripped]), column.codes)
        return
    known = [text for text in stripped if text.lower() not in MARKS]
    times = parse_times(known) if known else None
    if times is not None:
        lookup = dict(zip(known, times))
        column.type = "datetime"
        column.numbers = _take(np.array([lookup.get(text, np.nan) for text in stripped]), column.codes)
        return
    clock = clock_seconds(known)
    if clock is not None:
        # A time of day or a duration: a text to a reader, but comparable as seconds.
        lookup = dict(zip(known, clock))
        column.numbers = _take(np.array([lookup.get(text, np.nan) for text in stripped]), column.codes)
        column.flags.add("time_like")
    if sum(1 for text in stripped[:500] if MEDIA.search(text)) >= 0.9 * min(500, len(stripped)) and len(stripped) > 5:
        column.type = "path"
        return
    lengths = np.array([text.count(" ") + 1 for text in stripped], dtype=float)
    mean_words = float((lengths * counts).sum() / total)
    column.words = mean_words
    repeats = total / column.distinct
    starts = sum(1 for text in stripped[:200] if text[:1] in "{[" and text[-1:] in "}]" and len(text) > 2)
    if starts >= 0.8 * min(200, len(stripped)):
        column.flags.add("json_like")
    if _is_list(stripped, repeats):
        column.type = "list"
        column.notes.append(f"{clip(column.name)}: several values in a cell")
        return
    characters = float(np.mean([min(len(text), 2000) for text in stripped[:2000]]))
    free = (mean_words >= 5 and repeats < 3) or (mean_words >= 3 and repeats < 1.5 and characters >= 25)
    if free and column.distinct > 20:
        column.type = "text"
        return
    few = column.distinct <= 20 or (repeats >= 3 and column.distinct <= 50) or (repeats >= 8 and column.distinct <= 1000)
    column.type = "category" if few and repeats >= 1.5 else "string"


def _is_list(texts: list[str], repeats: float) -> bool:
    """Several members in a cell: separated by a sign, ragged, with members that come back in other cells."""
    if len(texts) < 5:
        return False
    sample = texts[:500]
    for separator in ("|", ";", ", ", " "):
        split = [text.split(separator) for text in sample]
        several = [parts for parts in split if len(parts) > 1]
        if len(several) < 0.3 * len(sample) or len({len(parts) for parts in split}) < 3:
            continue
        members = [part.strip() for parts in split for part in parts]
        variety = len(set(members)) / len(members)
        if separator == " ":
            # Words are no list: only numbers between blanks are.
            if all(re.fullmatch(r"-?\d+(\.\d+)?", member) for member in members[:300]):
                return True
            continue
        if separator == ", ":
            long = np.mean([len(member) for member in members]) > 25
            if long or variety > 0.3 or repeats > 3:
                continue
            return True
        if variety < 0.6:
            return True
    return False


def texts_of(column: Column) -> list[str]:
    """Distinct values as texts, in order of first appearance."""
    return [value_text(value) for value in column.uniques]


def is_permutation(numbers: np.ndarray) -> bool:
    """True for 0,1,2… or 1,2,3… in file order."""
    if len(numbers) < 2 or not np.all(np.isfinite(numbers)):
        return False
    return bool(numbers[0] in (0, 1) and np.all(np.diff(numbers) == 1))


def calendar_levels(column: Column) -> list[str] | None:
    """Order of month or weekday names, or of seasons such as 2003-2004."""
    texts = texts_of(column)[:300]
    if column.type in ("category", "string") and texts and all(re.fullmatch(r"(1[89]|20)\d\d\s*[-–/]\s*((1[89]|20)\d\d|\d\d)", text.strip()) for text in texts):
        return sorted(texts)[:60]
    return month_or_weekday(texts) if column.type in ("category", "string") and column.distinct <= 12 else None


def name_words(column: Column) -> set[str]:
    return set(words_of(column.name))
