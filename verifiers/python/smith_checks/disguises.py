"""Parts of texts and numbers in which a code may hide: positions, lengths, letter case, digits, remainders."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

FROM_LEFT, FROM_RIGHT, MOST_DIVISOR = 16, 6, 32
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{6,}={0,2}")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\u00a0\u2000-\u200a\u202f\x00-\x08]")

# Name of the part, and its codes on both sides.
Part = tuple[str, np.ndarray, np.ndarray]


def text_parts(left: pd.Series, right: pd.Series, *, digits: bool = False, decode: bool = True) -> Iterator[Part]:
    """Codes of the parts of texts, or of numbers as written (`digits`); the sides are train and test."""
    texts = ["" if pd.isna(text) else str(text) for side in (left, right) for text in side]
    split = len(left)
    lengths = np.array([len(text) for text in texts])
    yield _part("the length of its text", lengths, split)
    if len(texts) == 0 or lengths.max() == 0:
        return
    if lengths.max() > lengths.min() + 2:
        yield from (_part(f"the remainder of its length by {divisor}", lengths % divisor, split) for divisor in _divisors(lengths))
    yield from _positions(texts, split, 0 if digits else FROM_LEFT)
    if digits:
        return
    counts = {
        "the number of its capital letters": [sum(char.isupper() for char in text) for text in texts],
        "the capital letters at its start": [_leading_capitals(text) for text in texts],
        "the white space at its end": [len(text) - len(text.rstrip()) for text in texts],
        "the invisible characters in it": [len(_INVISIBLE.findall(text)) for text in texts],
        "the full stops in it": [text.count(".") for text in texts],
    }
    for name, values in counts.items():
        yield _part(name, np.array(values), split)
    if lengths.max() <= 200:
        words = [re.split(r"[^A-Za-z0-9.+-]+", text.strip()) for text in texts]
        yield _part("its first word", np.array([word[0] for word in words]), split)
        yield _part("its last word", np.array([word[-1] for word in words]), split)
    if decode:
        opened = _decoded(texts)
        if opened is not None:
            for name, *sides in text_parts(pd.Series(opened[:split]), pd.Series(opened[split:]), decode=False):
                yield f"{name}, decoded from base64,", *sides


def number_parts(values: np.ndarray, split: int) -> Iterator[Part]:
    """Remainders of whole numbers; missing ones get a code of their own."""
    known = values[~np.isnan(values)]
    if len(known) == 0 or np.abs(known).max() >= 2**52 or not np.array_equal(known, np.round(known)) or len(np.unique(known)) < 10:
        return
    for divisor in _divisors(known):
        codes = np.where(np.isnan(values), divisor, np.mod(np.nan_to_num(values), divisor)).astype(int)
        yield f"its remainder by {divisor}", codes[:split], codes[split:]


def _divisors(numbers: np.ndarray) -> range:
    """Remainders say something new only where the numbers reach well beyond the divisor."""
    spread = int(min(numbers.max() - numbers.min(), 4 * MOST_DIVISOR))
    return range(2, max(2, min(MOST_DIVISOR, spread // 3) + 1))


def _positions(texts: list[str], split: int, from_left: int) -> Iterator[Part]:
    """Single characters counted from both ends, and the two at each end."""
    tails = [text[::-1] for text in texts]
    for where, side, most in (("", texts, from_left), (" from the end", tails, FROM_RIGHT)):
        for place in range(most):
            codes = np.array([ord(text[place]) if place < len(text) else 0 for text in side])
            if codes.max() == 0:
                break
            yield _part(f"its character {place + 1}{where}", codes, split)
        if most > 0:
            yield _part(f"its two characters{where or ' from the start'}", np.array([text[:2] for text in side]), split)


def _leading_capitals(text: str) -> int:
    letters = [char for char in text if char.isalpha()]
    return next((place for place, char in enumerate(letters) if not char.isupper()), len(letters))


def _decoded(texts: list[str]) -> list[str] | None:
    """The texts behind base64, where nearly all of them are that."""
    opened = []
    for text in texts:
        if text == "" or not _BASE64.fullmatch(text):
            opened.append("")
            continue
        packed = text.rstrip("=").replace("-", "+").replace("_", "/")
        try:
            plain = base64.b64decode(packed + "=" * (-len(packed) % 4)).decode("utf-8")
        except (binascii.Error, ValueError):
            plain = ""
        opened.append(plain if plain.isprintable() else "")
    return opened if sum(text != "" for text in opened) > 0.9 * len(opened) else None


def _part(name: str, values: np.ndarray, split: int) -> Part:
    codes = np.unique(values, return_inverse=True)[1]
    return name, codes[:split], codes[split:]
