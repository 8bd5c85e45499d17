"""Ordered levels: scales in words, ranges, and small whole numbers that rate something."""

from __future__ import annotations

import re

import numpy as np

from .columns import Column, texts_of
from .text import clip, value_text, words_of

# Each scale from its low end; a column fits when all its levels are on one scale.
_SCALES = [
    ["strongly disagree", "disagree strongly", "disagree", "somewhat disagree", "disagree somewhat", "slightly disagree", "tend to disagree", "mostly disagree", "neither", "neither agree nor disagree", "neither agree or disagree", "neutral", "undecided", "slightly agree", "somewhat agree", "agree somewhat", "tend to agree", "mostly agree", "agree", "strongly agree", "agree strongly"],
    ["very unfavorably", "very unfavorable", "somewhat unfavorably", "somewhat unfavorable", "unfavorable", "neither favorably nor unfavorably (neutral)", "neutral", "favorable", "somewhat favorably", "somewhat favorable", "very favorably", "very favorable"],
    ["never", "almost never", "hardly ever", "very rarely", "rarely", "seldom", "once in a while", "occasionally", "sometimes", "sporadic", "half the time", "about half the time", "frequently", "often", "most of the time", "usually", "very often", "almost always", "nearly always", "always"],
    ["none", "negligible", "very mild", "mild", "slight", "light", "moderate", "severe", "extreme", "very severe", "life-threatening"],
    ["none", "absent", "trace", "low", "medium", "high", "very high"],
    ["very low", "lower", "low", "below average", "medium low", "mid low", "low medium", "medium", "mid", "middle", "average", "normal", "moderate", "moderately high", "medium high", "mid high", "above average", "high", "higher", "very high", "extreme", "extremely high"],
    ["tiny", "extra small", "very small", "small", "medium", "mid", "large", "very large", "big", "huge", "extra large", "giant"],
    ["xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl"],
    ["terrible", "awful", "very bad", "very poor", "bad", "poor", "not good", "fair", "okay", "ok", "average", "typical", "neutral", "satisfactory", "good", "very good", "great", "excellent", "outstanding", "superb", "ideal"],
    ["fair", "good", "very good", "premium", "ideal"],
    ["unsatisfactory", "needs improvement", "satisfactory", "good", "excellent", "outstanding"],
    ["very dissatisfied", "somewhat dissatisfied", "dissatisfied", "neither satisfied nor dissatisfied", "neutral", "somewhat satisfied", "satisfied", "very satisfied"],
    ["very unlikely", "unlikely", "somewhat unlikely", "neutral", "neither likely nor unlikely", "somewhat likely", "likely", "very likely"],
    ["not important", "not at all important", "not so important", "not too important", "not very important", "slightly important", "a little important", "somewhat important", "moderately important", "important", "quite important", "very important", "extremely important"],
    ["not at all", "a little", "a little bit", "slightly", "somewhat", "moderately", "quite", "quite a bit", "a lot", "very", "very much", "extremely"],
    ["not at all familiar", "not so familiar", "somewhat familiar", "very familiar", "extremely familiar"],
    ["a significant impact", "somewhat of an impact", "just a slight impact", "no impact at all"],
    ["a lot", "some", "not much", "only a few", "none", "not at all"], ["very easy", "somewhat easy", "neither easy nor difficult", "somewhat difficult", "very difficult"],
    ["very good", "fairly good", "somewhat good", "neither good nor bad", "somewhat bad", "fairly bad", "very bad"], ["very closely", "somewhat closely", "not very closely", "not closely at all"],
    ["not happy", "not too happy", "unhappy", "pretty happy", "fairly happy", "happy", "very happy"],
    ["slow", "medium", "fast"], ["cold", "cool", "mild", "warm", "hot"], ["young", "middle", "middle-aged", "old"],
    ["thin", "normal", "overweight", "obese"], ["underweight", "normal", "overweight", "obese"],
    ["weak", "moderate", "strong"], ["easy", "medium", "moderate", "intermediate", "hard", "difficult"],
    ["beginner", "novice", "intermediate", "advanced", "expert"], ["bronze", "silver", "gold", "platinum", "diamond"],
    ["worse", "same", "unchanged", "no change", "some", "better", "marked"], ["much worse", "worse", "about the same", "same", "better", "much better"],
    ["less", "same", "more"], ["decrease", "no change", "stable", "increase"],
    ["minor", "moderate", "serious", "major", "critical", "fatal"], ["low risk", "medium risk", "moderate risk", "high risk"],
    ["first", "second", "third", "fourth", "fifth", "sixth"], ["primary", "secondary", "tertiary"],
    ["freshman", "sophomore", "junior", "senior"], ["infant", "child", "juvenile", "adolescent", "young adult", "adult", "senior"],
    ["juvenile", "subadult", "adult"], ["non-drinker", "light", "moderate", "heavy"], ["non", "light", "moderate", "heavy"], ["none", "light", "moderate", "heavy"],
    ["never", "former", "current"], ["never", "monthly", "weekly", "daily"], ["rarely/never", "sporadic", "always"],
    ["no formal education", "less than primary", "primary", "primary school", "elementary", "less than high school", "less than high school degree", "less than high school diploma", "high school or less", "some high school", "lower secondary", "secondary", "high school", "high school degree", "high school diploma", "hs", "hs grad", "high school graduate", "vocational", "some college", "some college or associate degree", "associate", "associate degree", "associate's degree", "associates degree", "below college", "college", "college degree", "college grad", "undergraduate", "bachelor", "bachelor degree", "bachelor's degree", "bachelors", "graduate", "graduate degree", "advanced degree", "postgraduate", "master", "master degree", "master's degree", "masters", "doctor", "doctorate", "phd"],
]  # fmt: skip
_RANK = [{level: place for place, level in enumerate(scale)} for scale in _SCALES]
_NUMBER = r"[$£€]?\s?-?\d[\d,.]*\s?[kKmM%]?"
_RANGE = re.compile(
    rf"^(?:(?P<below><=?|under|below|less than|up to|fewer than|≤)\s*)?(?P<above>>=?|over|above|more than|at least|≥)?\s*(?P<first>{_NUMBER})\s*(?:(?:-|–|—|to|and|,|thru|through)\s*(?P<second>{_NUMBER}))?\s*(?P<open>\+|and over|or more|or older|and above|plus|and older|or over)?\s*[a-zA-Z$%.'/ ]*$",
    re.IGNORECASE,
)
_INTERVAL = re.compile(r"^[\[(]\s*(-?[\d.eE+]+|-Inf)\s*,\s*(-?[\d.eE+]+|Inf)\s*[\])]$")
_SCALE_NAME = {"rating", "rate", "score", "grade", "level", "stage", "quality", "satisfaction", "likert", "scale", "severity", "agree", "importance", "condition", "health", "stars", "degree", "opinion", "attitude", "tier", "priority", "interest", "trust", "difficulty", "educ", "education", "famrel", "ideology", "happiness", "pain", "ecog", "karno"}  # fmt: skip
_SCALE_DESCRIPTION = re.compile(
    r"\b(scale|likert|rating|rated|ratings|score|level|stage|grade|ordinal|ordered|strongly|very (low|bad|poor|good|high)|higher values|lowest|from \d+ ?(\(|to|-|–))", re.IGNORECASE
)
_COUNT = re.compile(r"\b(number|count|how many|no\.|#|total|nr)\b", re.IGNORECASE)
_COUNT_WORDS = {"count", "number", "num", "n", "nr", "kids", "children", "kidslt6", "kidsge6", "rooms", "bedrooms", "bathrooms", "cars", "times", "size", "total", "babies", "adults", "siblings", "sibsp", "parch"}
_PLACE_IN_DESIGN = {"row", "col", "column", "rep", "replicate", "block", "plot", "trial", "session", "order", "position", "batch", "group", "cluster", "region", "district", "ward", "zone", "site", "id", "code", "round", "wave", "week", "month", "day", "period", "time", "visit", "sequence", "x", "y", "race", "party", "sex", "gender", "religion", "type", "category", "kind", "lane", "pair", "form", "version", "part", "industry", "occupation", "occ", "marital", "state", "county", "treatment", "trt"}  # fmt: skip


def ordered_levels(column: Column) -> list[str] | None:
    """The column's levels from low to high, or None where they have no order that can be told."""
    if column.type in ("category", "string") and 3 <= column.distinct <= 30:
        return _of_texts(column)
    if column.type == "integer" and 3 <= column.distinct <= 11:
        return _of_numbers(column)
    return None


def _of_texts(column: Column) -> list[str] | None:
    texts = [text for text in texts_of(column) if text not in column.missing_codes]
    if len(texts) < 3:
        return None
    lowered = {text: re.sub(r"[_\s]+", " ", text.strip().lower().replace("’", "'")).rstrip(".") for text in texts}
    for rank in _RANK:
        if all(lowered[text] in rank for text in texts):
            places = [rank[lowered[text]] for text in texts]
            if len(set(places)) == len(places):
                return [clip(text) for _, text in sorted(zip(places, texts))]
    for keys in (_interval_keys(texts), _range_keys(texts), _adverb_keys([lowered[text] for text in texts])):
        if keys and len(set(keys)) == len(keys):
            return [clip(text) for _, text in sorted(zip(keys, texts))]
    stated = _stated(column, texts)
    return [clip(text) for text in stated] if stated else None


def _stated(column: Column, texts: list[str]) -> list[str] | None:
    """Levels in the order in which a documentation that calls them ordered lists them."""
    description = column.description or ""
    if not re.search(r"\b(ordered|ordinal|increasing|from (low|least)|scale)\b", description, re.IGNORECASE):
        return None
    places = {text: description.find(text) for text in texts}
    if all(place >= 0 for place in places.values()) and len(set(places.values())) == len(texts):
        return sorted(texts, key=lambda text: places[text])
    return None


def _amount(text: str) -> float | None:
    cleaned = text.strip().lstrip("$£€ ").replace(",", "").rstrip("%").strip()
    factor = 1.0
    if cleaned[-1:] in "kK":
        factor, cleaned = 1e3, cleaned[:-1]
    elif cleaned[-1:] in "mM":
        factor, cleaned = 1e6, cleaned[:-1]
    try:
        return float(cleaned.strip().rstrip(".")) * factor
    except ValueError:
        return None


def _range_keys(texts: list[str]) -> list[tuple[float, float]] | None:
    keys = []
    pairs = 0
    if all(re.fullmatch(r"(1[89]|20)\d\d\s*[-–/]\s*((1[89]|20)\d\d|\d\d)", text.strip()) for text in texts):
        # Seasons such as 2003-2004 are times.
        return None
    for text in texts:
        match = _RANGE.match(text.strip())
        if not match:
            return None
        first = _amount(match["first"])
        if first is None:
            return None
        if match["below"]:
            keys.append((first, -2.0))
            pairs += 1
        elif match["above"] or match["open"]:
            keys.append((first, 2.0))
            pairs += 1
        elif match["second"]:
            second = _amount(match["second"])
            if second is None or second < first:
                return None
            keys.append((first, 1.0))
            pairs += 1
        else:
            keys.append((first, 0.0))
    return keys if pairs >= 0.5 * len(texts) else None


def _interval_keys(texts: list[str]) -> list[tuple[float, float]] | None:
    keys = []
    for text in texts:
        match = _INTERVAL.match(text.strip())
        if not match:
            return None
        keys.append((float(match[1].replace("Inf", "inf")), float(match[2].replace("Inf", "inf"))))
    return keys


_ADVERBS = ["not at all", "not very", "not too", "not so", "not particularly", "slightly", "a little", "somewhat", "fairly", "moderately", "", "quite", "very", "highly", "extremely", "completely"]


def _adverb_keys(levels: list[str]) -> list[tuple[float, float]] | None:
    """One adjective in several degrees: `not at all confident`, `somewhat confident`, `very confident`."""
    keys, stems = [], set()
    for level in levels:
        adverb = next((adverb for adverb in _ADVERBS if adverb and level.startswith(adverb + " ")), "")
        keys.append((float(_ADVERBS.index(adverb)), 0.0))
        stems.add(level[len(adverb) :].strip())
    return keys if len(stems) == 1 and len(levels) >= 3 else None


def _of_numbers(column: Column) -> list[str] | None:
    assert column.numbers is not None
    codes = {float(code) for code in column.missing_codes if re.fullmatch(r"-?\d+(\.0)?", code)}
    values, counts = np.unique(column.numbers[np.isfinite(column.numbers)], return_counts=True)
    keep = ~np.isin(values, list(codes))
    values, counts = values[keep], counts[keep]
    if not 3 <= len(values) <= 11 or np.ptp(values) > 12 or values[0] < -5 or values[0] > 2:
        return None
    words = words_of(column.name)
    description = column.description or ""
    texts = [value_text(float(value)) for value in values]
    if column.labels:
        labelled = _of_labels(column, texts)
        if labelled:
            return labelled
        if labelled is not None and not set(words) & _SCALE_NAME:
            return None
    scale = bool(set(words) & _SCALE_NAME) or bool(_SCALE_DESCRIPTION.search(description))
    count = bool(set(words) & _COUNT_WORDS) or bool(_COUNT.search(description))
    nominal = bool(set(words) & _PLACE_IN_DESIGN)
    contiguous = bool(np.all(np.diff(values) == 1))
    if re.search(r"\bordered factor\b|\bordinal\b", description, re.IGNORECASE):
        return texts
    if nominal and not set(words) & _SCALE_NAME or count:
        return None
    if scale and (contiguous or np.all(np.diff(values) <= 2)):
        return texts
    # Unnamed ratings: 1 … 4 to 1 … 10 without a gap, none of them rare.
    if contiguous and values[0] == 1 and 4 <= len(values) <= 10 and counts.min() >= 0.01 * counts.sum() and re.match(r"^[A-Za-z]{1,6}[._]?\d", column.name):
        return texts
    return None


def _of_labels(column: Column, texts: list[str]) -> list[str] | None:
    """Documented meanings of the numbers: an order where they are on one scale, empty where they are names."""
    labels = [column.labels.get(text, "").strip().lower() for text in texts]
    if sum(1 for label in labels if label) < 2:
        return None
    known = [label for label in labels if label]
    for rank in _RANK:
        places = [rank[label] for label in known if label in rank]
        if len(places) == len(known) and (places == sorted(places) or places == sorted(places, reverse=True)):
            return texts
    degrees = _adverb_keys(known)
    if degrees and (degrees == sorted(degrees) or degrees == sorted(degrees, reverse=True)):
        return texts
    if len(known) < len(labels) and len(known) == 2 and labels[0] and labels[-1]:
        # Only the ends are named: 1 = very bad … 5 = excellent.
        return texts
    ranges = _range_keys(known)
    if ranges and (ranges == sorted(ranges) or ranges == sorted(ranges, reverse=True)):
        return texts
    return []
