"""Reads texts and numbers that mean a time; all times are seconds since 1970 (UTC)."""

from __future__ import annotations

import re
import warnings

import numpy as np
import pandas as pd

from .text import words_of

_ISO = re.compile(
    r"^\d{4}-\d{2}(-\d{2}([T ]\d{2}(:?\d{2}(:?\d{2}([.,]\d+)?)?)?\s?(Z|UTC|[+-]\d{2}:?\d{2})?)?)?$"
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_CLOCK = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp][Mm])?)?"
# Pattern of the text, and the formats of the date part that are tried in this order.
_FORMS: list[tuple[re.Pattern[str], list[str]]] = [
    (re.compile(rf"^\d{{4}}/\d{{1,2}}/\d{{1,2}}{_CLOCK}$"), ["%Y/%m/%d"]),
    (re.compile(rf"^\d{{1,2}}/\d{{1,2}}/\d{{4}}{_CLOCK}$"), ["%m/%d/%Y", "%d/%m/%Y"]),
    (re.compile(rf"^\d{{1,2}}/\d{{1,2}}/\d{{2}}{_CLOCK}$"), ["%m/%d/%y", "%d/%m/%y"]),
    (re.compile(rf"^\d{{1,2}}\.\d{{1,2}}\.\d{{4}}{_CLOCK}$"), ["%d.%m.%Y", "%m.%d.%Y"]),
    (re.compile(rf"^\d{{1,2}}-\d{{1,2}}-\d{{4}}{_CLOCK}$"), ["%d-%m-%Y", "%m-%d-%Y"]),
    (re.compile(rf"^\d{{1,2}}[- ][A-Za-z]{{3}}[- ]\d{{4}}{_CLOCK}$"), ["%d-%b-%Y", "%d %b %Y"]),
    (re.compile(rf"^\d{{1,2}}[- ][A-Za-z]{{3}}[- ]\d{{2}}{_CLOCK}$"), ["%d-%b-%y", "%d %b %y"]),
    (re.compile(rf"^[A-Za-z]{{3}} \d{{1,2}}, ?\d{{4}}{_CLOCK}$"), ["%b %d, %Y", "%b %d,%Y"]),
    (re.compile(rf"^[A-Za-z]{{3,9}} \d{{1,2}}, ?\d{{4}}{_CLOCK}$"), ["%B %d, %Y", "%B %d,%Y"]),
    (re.compile(rf"^\d{{1,2}} [A-Za-z]{{4,9}} \d{{4}}{_CLOCK}$"), ["%d %B %Y"]),
    (re.compile(r"^\d{4}[ -][A-Za-z]{3}$"), ["%Y %b", "%Y-%b"]),
    (re.compile(r"^[A-Za-z]{3}[ -]\d{4}$"), ["%b %Y", "%b-%Y"]),
    (re.compile(r"^[A-Za-z]{4,9} \d{4}$"), ["%B %Y"]),
]
_QUARTER = re.compile(r"^(\d{4})[ -]?[Qq]([1-4])$")
_WEEK = re.compile(r"^(\d{4})[ -]?W(\d{1,2})$")
_TIME_WORDS = {
    "date", "time", "datetime", "timestamp", "year", "month", "day", "week", "hour", "minute", "quarter", "period",
    "yr", "season", "wave", "visit", "epoch", "decade", "season", "semester",
}  # fmt: skip
YEAR_WORDS = {"year", "yr", "yrs", "years", "yyyy", "jahr", "ano", "annee"}


def parse_times(texts: list[str]) -> np.ndarray | None:
    """Seconds for each text (NaN where one is not a time), or None unless at least 95% are times of one form."""
    sample = [text.strip() for text in texts[:200]]
    if not sample or not any(character.isdigit() for character in sample[0]):
        return None
    stripped = [text.strip() for text in texts]
    if _share(_ISO, sample) >= 0.95:
        return _iso(stripped)
    if _share(_QUARTER, sample) >= 0.95 or _share(_WEEK, sample) >= 0.95:
        return _numbered(stripped)
    for pattern, formats in _FORMS:
        if _share(pattern, sample) >= 0.95:
            return _formatted(stripped, formats)
    return None


def _share(pattern: re.Pattern[str], texts: list[str]) -> float:
    return sum(1 for text in texts if pattern.match(text)) / len(texts)


def _seconds(times: pd.Series) -> np.ndarray:
    values = times.dt.tz_convert(None) if times.dt.tz is not None else times
    number = values.astype("datetime64[us]").astype("int64").to_numpy().astype(float) / 1e6
    number[values.isna().to_numpy()] = np.nan
    return number


def _iso(texts: list[str]) -> np.ndarray | None:
    times = pd.to_datetime(pd.Series(texts, dtype="str"), format="ISO8601", errors="coerce", utc=True)
    return _seconds(times) if times.notna().mean() >= 0.95 else None


def _numbered(texts: list[str]) -> np.ndarray:
    result = []
    for text in texts:
        quarter, week = _QUARTER.match(text), _WEEK.match(text)
        if quarter:
            moment = np.datetime64(f"{quarter[1]}-{3 * int(quarter[2]) - 2:02d}-01", "s")
        elif week:
            moment = np.datetime64(f"{week[1]}-01-01", "s") + np.timedelta64(7 * (int(week[2]) - 1) * 86400, "s")
        else:
            result.append(np.nan)
            continue
        result.append(float(moment.astype("int64")))
    return np.array(result)


def _formatted(texts: list[str], formats: list[str]) -> np.ndarray | None:
    series = pd.Series(texts, dtype="str")
    clock = ""
    first = texts[0]
    if ":" in first:
        separator = "T" if re.search(r"\dT\d", first) else " "
        colons = first.count(":")
        half = re.search(r"( ?)[AaPp][Mm]$", first)
        hours = "%I" if half else "%H"
        clock = f"{separator}{hours}:%M" + (":%S" if colons == 2 else "") + (f"{half[1]}%p" if half else "")
    best: pd.Series | None = None
    fitness = (-1.0, 0)
    for form in formats:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            times = pd.to_datetime(series, format=form + clock, errors="coerce")
            if clock and times.notna().mean() < 0.95:
                times = pd.to_datetime(series.str.split(" ").str[0], format=form, errors="coerce")
        # Where day and month cannot be told apart, the form with fewer different days: 01/02, 01/03, 01/04 are months.
        if (float(times.notna().mean()), -int(times.dt.day.nunique())) > fitness:
            best, fitness = times, (float(times.notna().mean()), -int(times.dt.day.nunique()))
    assert best is not None
    return _seconds(best) if best.notna().mean() >= 0.95 else None


def number_time(name: str, values: np.ndarray) -> str | None:
    """How numbers mean a time, judged by name and range: `year`, `epoch`, `epoch_ms`, `yyyymmdd`, `yyyymm`, `part`."""
    words = set(words_of(name))
    if len(values) == 0:
        return None
    low, high = float(values.min()), float(values.max())
    whole = bool(np.all(values == np.floor(values)))
    year_named = bool(words & YEAR_WORDS) or any(word.startswith("year") or word.endswith("year") for word in words)
    if 1500 <= low and high <= 2100 and (year_named or (words & _TIME_WORDS and whole)):
        return "year"
    if words <= YEAR_WORDS and whole and 1500 <= high <= 2100 and low >= -10_000 and len(values) > 10:
        return "year"
    if year_named and whole and 0 <= low and high <= 99 and low >= 40:
        return "year"
    named = bool(words & _TIME_WORDS) or name.lower().endswith(("date", "time", "_at", "_ts"))
    if named and whole and 3e8 <= low and high <= 4e9:
        return "epoch"
    if named and whole and 3e11 <= low and high <= 4e12:
        return "epoch_ms"
    if whole and named and 18000101 <= low and high <= 21001231 and np.all((values % 10000) // 100 <= 12):
        return "yyyymmdd"
    if whole and named and 180001 <= low and high <= 210012 and np.all(values % 100 <= 12):
        return "yyyymm"
    if whole and (words & {"month", "mon", "mth"}) and 1 <= low and high <= 12:
        return "part"
    if whole and (words & {"day", "hour", "week", "quarter", "weekday", "dow", "doy", "minute"}) and low >= 0 and high <= 366:
        return "part"
    return None


def seconds_of_numbers(values: np.ndarray, kind: str) -> np.ndarray:
    """Seconds since 1970 of numbers that `number_time` calls year, epoch, epoch_ms, yyyymmdd or yyyymm."""
    if kind == "epoch":
        return values
    if kind == "epoch_ms":
        return values / 1000
    if kind == "year":
        years = np.where(values < 100, values + 1900, values)
        return (years - 1970) * 365.2425 * 86400
    result = np.full(len(values), np.nan)
    for position, value in enumerate(values):
        if not np.isfinite(value):
            continue
        text = f"{int(value)}"
        try:
            day = f"{text[:4]}-{text[4:6]}-{text[6:8]}" if kind == "yyyymmdd" else f"{text[:4]}-{text[4:6]}-01"
            result[position] = float(np.datetime64(day, "s").astype("int64"))
        except ValueError:
            continue
    return result


_CLOCK_ONLY = re.compile(r"^\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AaPp][Mm])?$")


def clock_seconds(texts: list[str]) -> np.ndarray | None:
    """Seconds of times of day or durations such as 13:30 and 2:08:13; None unless nearly all are such."""
    if not texts or ":" not in texts[0] or _share(_CLOCK_ONLY, texts[:200]) < 0.95:
        return None
    result = []
    for text in texts:
        found = _CLOCK_ONLY.match(text)
        if not found:
            result.append(np.nan)
            continue
        parts = [float(part) for part in re.split(":", re.sub(r" ?[AaPp][Mm]$", "", text))]
        hour = parts[0] % 12 + 12 if re.search(r"[Pp][Mm]$", text) else parts[0]
        result.append(hour * 3600 + parts[1] * 60 + (parts[2] if len(parts) > 2 else 0.0))
    return np.array(result)


def month_or_weekday(levels: list[str]) -> list[str] | None:
    """The calendar's order when the levels are names of months or weekdays."""
    lowered = [level.strip().lower()[:3] for level in levels]
    for order in (_MONTHS, ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]):
        if len(levels) >= 3 and all(level in order for level in lowered) and len(set(lowered)) == len(lowered):
            full = all(len(level.strip()) == 3 or level.strip().isalpha() for level in levels)
            if full:
                return sorted(levels, key=lambda level: order.index(level.strip().lower()[:3]))
    return None
