"""What a column is in its table: row number, identifier, weight, time, place, personal data, ordered levels."""

from __future__ import annotations

import re

import numpy as np

from .columns import Column, calendar_levels, is_permutation, name_words, texts_of
from .ordinals import ordered_levels

_ROW_NAMES = {"rownames", "rowname", "unnamed0", "index", "rownumber", "rownum", "rowid", "row", "x1", "obs", "observation", "no", "nr", "sno", "srno", "serialno", "slno", ""}
_ID_WORDS = {"id", "ids", "idno", "uuid", "guid", "key", "identifier", "seqn", "caseid", "respid", "userid", "serial", "ssn", "isbn", "url", "link", "href", "slug", "barcode", "sku", "code", "recordid", "pid", "uid"}
_ID_DESCRIPTION = re.compile(r"\b(identifier|identification|id (number|code)|unique (id|number|code)|ID\b|case number|sequence number|row number|serial number|observation number|(patient|subject|student|person|respondent|record) number|identif(y|ies|ying) the|identifiers?$|denoting individual)", re.IGNORECASE)
_WEIGHT_NAMES = {"weight", "weights", "wt", "wgt", "wts", "pweight", "pspwght", "dweight", "perwt", "hhwt", "sampwt", "finalwt", "fnlwgt", "weightvar", "survwt", "sampleweight", "samplingweight", "wtfinl", "instwt"}
_WEIGHT_DESCRIPTION = re.compile(r"\b(survey|sampling|sample|probability|post-?stratification|population|frequency|inverse|design|calibration|analysis|expansion|raking)\W+(\w+\W+)?weights?\b|\bweights? (for|of) (the )?(survey|sampl|respondent|observation)", re.IGNORECASE)
_PLACE = {"latitude", "longitude", "lat", "lon", "long", "lng", "easting", "northing", "utm", "coordinate", "coordinates", "xcoord", "ycoord", "geom", "geometry"}
_PERSON_NAME = re.compile(r"^[A-Z][\w'’.-]+(,)? ([A-Z]\.? |[A-Z][\w'’.-]+ )?[A-Z][\w'’.-]*( (Jr|Sr|II|III)\.?)?$")
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[A-Za-z]{2,}$")
_PHONE = re.compile(r"^\+?[\d\s().-]{9,20}$")
_PERSON_WORDS = ({"first", "name"}, {"last", "name"}, {"sur", "name"}, {"family", "name"}, {"given", "name"}, {"full", "name"})
_PERSON_COLUMNS = {"firstname", "lastname", "surname", "fullname", "email", "emailaddress", "mail", "phone", "phonenumber", "telephone", "mobile", "fax", "address", "streetaddress", "street", "ssn", "passport", "ipaddress"}
# As written: `NAN` or `none` may well be a value.
_TEXT_MARKS = {"", "NA", "N/A", "n/a", "na", "NaN", "nan", "NULL", "null", "?", "--", ".", "..", "#N/A", "nil", "not available"}
_SIGNED = re.compile(r"\b(days?|dy|change|difference|diff|balance|temperature|relative|lag|offset|net|profit|loss|return|growth|deviation|index|score)\b|dy$", re.IGNORECASE)
_NO_PERSON = {"team", "county", "city", "country", "company", "product", "school", "station", "place", "area", "brand", "club", "state", "file", "class", "group", "species", "genre", "street", "hotel", "variable", "column", "town", "store"}
_NUMBER_CODES = (-1, -2, -3, -7, -8, -9, -99, -999, -9999, 9, 88, 98, 99, 888, 998, 999, 9998, 9999, 99999, 999999)
_NO_ANSWER = re.compile(r"\b(missing|no answer|not? (known|available|applicable|answered|stated|recorded|reported)|unknown|refused|don'?t know|skipped|declined|N/?A)\b", re.IGNORECASE)


def set_flags(columns: list[Column]) -> None:
    """Sets the flags, levels and missing codes of every column in place."""
    for position, column in enumerate(columns):
        if column.type in ("empty", "constant"):
            continue
        _uniqueness(column, position)
        _codes_for_missing(column)
        _meaning(column)
        calendar = calendar_levels(column)
        if calendar:
            column.levels = calendar
            column.flags.add("time_like")
        elif not column.flags & {"identifier", "row_number", "time_like", "weight"}:
            levels = ordered_levels(column)
            if levels:
                column.levels = levels
                column.flags.add("ordinal")


def _uniqueness(column: Column, position: int) -> None:
    key = re.sub(r"[^a-z0-9]", "", column.name.lower())
    unique = column.distinct == column.rows
    if unique:
        column.flags.add("unique")
    numbers = column.numbers
    if numbers is not None and column.type in ("integer", "number", "datetime") and len(numbers) > 2:
        steps = np.diff(numbers)
        if np.all(steps >= 0) or np.all(steps <= 0):
            column.flags.add("sorted")
    if unique and column.type == "integer" and numbers is not None and column.time_kind is None:
        if is_permutation(numbers) or (key in _ROW_NAMES and position == 0) or key in ("rownames", "unnamed0"):
            column.flags |= {"row_number", "identifier"}
    if key in ("rownames", "unnamed0") and position == 0:
        column.flags.add("identifier")
        if column.type == "integer":
            column.flags.add("row_number")
    words = name_words(column)
    nearly = column.distinct >= 0.95 * max(1, column.filled) and column.filled > 20
    named = bool(words & _ID_WORDS) or key.endswith(("id", "idno", "_no")) and len(key) <= 12 and key not in ("paid", "said", "bid", "grid", "fluid", "acid", "covid", "mid", "kid", "valid", "hybrid", "solid", "void", "avoid", "rapid", "amid", "squid", "raid", "liquid", "aid", "thyroid", "steroid", "opioid", "thyroid")
    documented = bool(column.description and _ID_DESCRIPTION.search(column.description))
    many = column.distinct > 20 or nearly
    if column.type == "string" and nearly and column.numbers is None:
        column.flags.add("identifier")
    elif column.type in ("integer", "string", "category") and many and (named or documented):
        repeated_code = "code" in words and not documented and column.filled / column.distinct > 3
        if not repeated_code:
            column.flags.add("identifier")
    elif column.type == "integer" and nearly and column.distinct == column.filled and _gapless(column):
        column.flags.add("identifier")


def _gapless(column: Column) -> bool:
    """Whole numbers that fill a range, as counters do: at least half of the range is used."""
    assert column.numbers is not None
    known = column.numbers[np.isfinite(column.numbers)]
    return len(known) > 50 and float(np.ptp(known)) <= 2 * len(known)


def _codes_for_missing(column: Column) -> None:
    if column.type in ("category", "string", "boolean") and column.numbers is None:
        marks = [text for text in texts_of(column)[:2000] if text.strip() in _TEXT_MARKS]
        if marks:
            column.missing_codes += marks[:5]
    for value, label in column.labels.items():
        if _NO_ANSWER.search(label) and len(label) < 60 and any(value == text for text in _short_texts(column)):
            column.missing_codes.append(value)
    if column.is_number and column.numbers is not None and column.time_kind is None:
        column.missing_codes += [str(code) for code in _number_codes(column)]
    column.missing_codes = list(dict.fromkeys(column.missing_codes))
    if column.missing_codes:
        column.flags.add("missing_code")


def _short_texts(column: Column) -> list[str]:
    return texts_of(column)[:300] if column.distinct <= 300 else []


def _number_codes(column: Column) -> list[int]:
    """Codes that stand away from all other values and come back: -1 below positive numbers, 99 above 1 … 10."""
    assert column.numbers is not None
    known = column.numbers[np.isfinite(column.numbers)]
    if len(known) < 20 or column.distinct < 3:
        return []
    values, counts = np.unique(known, return_counts=True)
    share = dict(zip(values.tolist(), (counts / len(known)).tolist()))
    found: list[int] = []
    for code in _NUMBER_CODES:
        if float(code) not in share:
            continue
        rest = values[~np.isin(values, _NUMBER_CODES)]
        if len(rest) < 2:
            continue
        frequency = share[float(code)]
        times = frequency * len(known)
        low, high = float(rest.min()), float(rest.max())
        described = bool(column.description and re.search(rf"(?<![\d.]){code}\s*(=|:|is|for|means|indicates|-)?\s*\W?(missing|unknown|not |no answer|refus|n/?a|don)", column.description, re.IGNORECASE))
        if described:
            found.append(code)
        elif code < 0:
            # A single negative value under a column of whole numbers from zero.
            negatives = values[values < 0]
            if low >= 0 and times >= 2 and len(negatives) == np.isin(negatives, _NUMBER_CODES).sum() and (column.type == "integer" or code <= -9):
                # -1, 0, 1, 2 may be a scale, and days and changes may be negative.
                if low == 0 and high < 10 or _SIGNED.search(" ".join([*sorted(name_words(column)), column.description or ""])):
                    continue
                if code in (-1, -2, -3) and len(negatives) >= 3:
                    continue
                found.append(code)
        elif times >= 3 and low >= 0 and column.type == "integer":
            digits = len(str(code))
            gap = float(code) - high
            if digits >= 2 and gap > 0 and high <= code / 4 and high < 10 ** (digits - 1) * 3:
                found.append(code)
            elif digits == 1 and high <= 5 and gap >= 3 and column.distinct <= 8:
                found.append(code)
    return found


def _meaning(column: Column) -> None:
    words = name_words(column)
    key = re.sub(r"[^a-z0-9]", "", column.name.lower())
    if column.type == "datetime" or column.time_kind is not None:
        column.flags.add("time_like")
    if column.is_number and column.numbers is not None:
        known = column.numbers[np.isfinite(column.numbers)]
        documented = bool(column.description and _WEIGHT_DESCRIPTION.search(column.description))
        around_one = key in _WEIGHT_NAMES and 0.9 < known.mean() < 1.1 and known.min() >= 0 and column.type == "number"
        if documented and known.min() >= 0 and column.distinct > 10 or around_one or (key in _WEIGHT_NAMES - {"weight", "weights", "wt", "wgt", "wts"} and known.min() >= 0 and column.distinct > 10):
            column.flags.add("weight")
        low, high = float(known.min()), float(known.max())
        if words & _PLACE or key in _PLACE:
            latitude = words & {"lat", "latitude"} and -90 <= low and high <= 90
            longitude = words & {"lon", "lng", "longitude", "long"} and -180 <= low and high <= 180 and column.type == "number"
            if latitude or longitude or words & (_PLACE - {"lat", "latitude", "lon", "lng", "longitude", "long"}):
                column.flags.add("place_like")
        elif column.description and re.search(r"\b(latitude|longitude)\b", column.description, re.IGNORECASE) and column.distinct > 10 and abs(low) <= 180 and abs(high) <= 180:
            column.flags.add("place_like")
    if column.type in ("string", "category", "text") and column.distinct > 10:
        texts = [text.strip() for text in texts_of(column)[:300]]
        emails = sum(1 for text in texts if _EMAIL.match(text)) / len(texts)
        phones = sum(1 for text in texts if _PHONE.match(text) and sum(map(str.isdigit, text)) >= 9 and text[:1] in "+(") / len(texts)
        names = sum(1 for text in texts if _PERSON_NAME.match(text)) / len(texts)
        person = key in _PERSON_COLUMNS or any(pair <= words for pair in _PERSON_WORDS) or bool(words & {"address", "fax", "phone", "telephone", "email", "ssn"})
        person_named = bool(words & {"name", "player", "author", "actor", "director", "winner", "person", "candidate", "employee", "driver", "artist", "patient", "composer", "rider", "climber", "contestant", "suspect", "officer", "member", "child"})
        if emails > 0.5 or phones > 0.5 and column.distinct > 20 or person or (names > 0.75 and person_named and not words & _NO_PERSON and _varied_ends(texts)):
            column.flags.add("sensitive")


def _varied_ends(texts: list[str]) -> bool:
    """Last words differ, as surnames do: `Autauga County` and `Baldwin County` are no people."""
    ends = [text.rsplit(" ", 1)[-1] for text in texts]
    return max(ends.count(end) for end in set(ends)) <= 0.2 * len(ends)
