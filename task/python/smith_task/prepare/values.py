"""Values of columns: as text, as numbers, as times, and in the form in which they are written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd


def value_text(value: object) -> str:
    """A value as text: whole numbers without a fraction, true and false in lower case."""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (float, np.floating)):
        return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))
    if isinstance(value, (list, tuple, np.ndarray)):
        return " ".join(str(item) for item in value)
    return str(value).strip()


def map_values(column: pd.Series, function: Callable[[object], object]) -> pd.Series:
    """The function of every value, called once for each distinct one; missing values stay missing."""
    try:
        codes, distinct = pd.factorize(column)
    except TypeError:  # lists and the like
        return column.map(function, na_action="ignore").astype(object)
    results = np.empty(len(distinct) + 1, dtype=object)
    results[:-1] = [function(value) for value in distinct]
    return pd.Series(results[codes], index=column.index, name=column.name, dtype=object)


def as_text(column: pd.Series) -> pd.Series:
    """Values as text."""
    return map_values(column, value_text)


def as_label(column: pd.Series, known: Iterable[str] = ()) -> pd.Series:
    """Values as one line of printable text; shortened to 80 characters where `known` has shortened ones."""
    shortened = any(len(text) == 80 and text.endswith("…") for text in known)

    def label(value: object) -> str:
        shown = (character for character in value_text(value) if character.isspace() or character.isprintable())
        line = " ".join("".join(shown).split())
        return line[:79].rstrip() + "…" if shortened and len(line) > 80 else line

    return map_values(column, label)


def relabel(column: pd.Series, labels: dict[str, str]) -> pd.Series:
    """The label of every value; other values are missing."""
    return as_label(column, labels).map(labels, na_action="ignore").astype(object)


def as_number(column: pd.Series) -> pd.Series:
    """Values as numbers (true is 1, false is 0); what is not a finite number is missing."""
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        if column.dtype in ("float32", "Float32"):  # 0.063 of single precision is 0.063, not 0.06300000101327896
            texts = column.to_numpy(dtype="float32", na_value=np.nan).astype(str)
            column = pd.Series(texts.astype("float64"), index=column.index, name=column.name)
        numbers = pd.to_numeric(column, errors="coerce").astype("float64")
    else:
        words = {word: 1.0 for word in ("true", "yes", "y", "t")} | {word: 0.0 for word in ("false", "no", "n", "f")}
        texts = map_values(column, lambda value: words.get(value_text(value).lower(), value_text(value)))
        numbers = pd.to_numeric(texts, errors="coerce").astype("float64")
    return numbers.where(np.isfinite(numbers))


def as_flag(column: pd.Series) -> pd.Series:
    """Values as 0 or 1; a column of 1 and 2 is read as 0 and 1."""
    numbers = as_number(column)
    found = set(numbers.dropna().unique())
    if found <= {1.0, 2.0} and 2.0 in found:
        return numbers - 1
    if not found <= {0.0, 1.0}:
        raise ValueError(f"column {column.name!r} should hold 0 and 1 only, but holds {sorted(found)[:5]}")
    return numbers


DATE_FORMATS = [
    *("%Y/%m/%d", "%m/%d/%Y", "%d/%m/%Y", "%m/%d/%y", "%d/%m/%y", "%d.%m.%Y", "%m.%d.%Y", "%d-%m-%Y", "%m-%d-%Y"),
    *("%d-%b-%Y", "%d %b %Y", "%d-%b-%y", "%d %b %y", "%b %d, %Y", "%b %d,%Y", "%B %d, %Y", "%B %d,%Y", "%d %B %Y"),
    *("%Y %b", "%Y-%b", "%b %Y", "%b-%Y", "%B %Y"),
]
CLOCK_FORMATS = ["", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", "T%H:%M:%S", " %H:%M:%S.%f"]


def as_time(column: pd.Series) -> pd.Series:
    """Values as sortable times: numbers as they are, dates in UTC without a zone; what is no time is missing."""
    if pd.api.types.is_numeric_dtype(column):
        return column.astype("float64")
    if pd.api.types.is_datetime64_any_dtype(column):
        times = column
    else:
        texts = as_text(column)
        known = texts.dropna()
        numbers = pd.to_numeric(texts, errors="coerce")
        if numbers.notna().sum() == len(known):
            return numbers.astype("float64")
        quarters = known.str.extract(r"^(\d{4})[ -]?[QqWw](\d{1,2})$")
        if quarters[0].notna().all():
            return (quarters[0].astype(float) * 100 + quarters[1].astype(float)).reindex(texts.index)
        times = parse_dates(texts, known)
    return times.dt.tz_convert("UTC").dt.tz_localize(None) if times.dt.tz is not None else times


def parse_dates(texts: pd.Series, known: pd.Series) -> pd.Series:
    """Dates of texts that share a form; of several forms that fit, the one that fits most.

    Where day and month cannot be told apart, the form with fewer different days: 01/02, 01/03, 01/04 are months.
    """
    best = pd.to_datetime(texts, format="ISO8601", errors="coerce", utc=True)
    if best.notna().sum() < 0.95 * len(known):
        first = known.iloc[:200]
        for form in (date + clock for clock in CLOCK_FORMATS for date in DATE_FORMATS):
            if pd.to_datetime(first, format=form, errors="coerce").notna().mean() >= 0.95:
                times = pd.to_datetime(texts, format=form, errors="coerce", utc=True)
                if (times.notna().sum(), -times.dt.day.nunique()) > (best.notna().sum(), -best.dt.day.nunique()):
                    best = times
    if best.notna().sum() < 0.95 * len(known):
        raise ValueError(f"column {texts.name!r} holds no times of one form, such as {known.iloc[0]!r}")
    return best


def dates_as_iso(column: pd.Series, times: pd.Series) -> pd.Series:
    """The column as it is written, with dates of another form than 2020-01-31 in that form: nobody has to guess it."""
    texts = plain(column)
    if not pd.api.types.is_datetime64_any_dtype(times):
        return texts
    if texts.loc[times.index].astype(str).str.match(r"\d{4}-\d{2}(-\d{2}|$)").all():
        return texts
    return plain(times).reindex(column.index)


def plain(column: pd.Series) -> pd.Series:
    """The column as it is written: whole numbers as integers, dates in ISO form, text without control characters."""
    if pd.api.types.is_bool_dtype(column) or pd.api.types.is_integer_dtype(column):
        return column
    if pd.api.types.is_float_dtype(column):
        known = column.dropna()
        if len(known) and np.isfinite(known).all() and (known % 1 == 0).all() and (known.abs() < 2**53).all():
            return column.astype("Int64")
        return column
    if pd.api.types.is_datetime64_any_dtype(column):
        known = column.dropna()
        whole_days = bool((known == known.dt.normalize()).all())
        whole_seconds = bool((known == known.dt.floor("s")).all())
        clock = "" if whole_days else "T%H:%M:%S" if whole_seconds else "T%H:%M:%S.%f"
        return column.dt.strftime(f"%Y-%m-%d{clock}").astype(object)
    unwritable = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

    def clean(value: object) -> str:
        return unwritable.sub(" ", value_text(value).replace("\r\n", "\n").replace("\r", "\n"))

    return map_values(column, clean)
