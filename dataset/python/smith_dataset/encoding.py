"""Which encoding a text is in, told from its bytes."""

from __future__ import annotations

import codecs
import unicodedata
from pathlib import Path

from .head import open_bytes

MARKS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
CHECKED_BYTES = 64 * 2**20


def find_encoding(path: Path) -> str | None:
    """The encoding of a text file (gzip, bzip2 and xz are looked into), or None when it is not text."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    odd = bytearray()
    first = True
    seen = 0
    valid = True
    with open_bytes(path) as file:
        while seen < CHECKED_BYTES and (block := file.read(2**20)):
            seen += len(block)
            if first:
                first = False
                for mark, name in MARKS:
                    if block.startswith(mark):
                        return name
                if (wide := _wide(block)) is not None:
                    return wide
            if b"\0" in block:
                return None
            if valid:
                try:
                    decoder.decode(block)
                except UnicodeDecodeError:
                    valid = False
            if len(odd) < 200_000 and not block.isascii():
                odd += b"\n".join(line for line in block.splitlines() if not line.isascii())[:200_000]
    if valid:
        return "utf-8"
    if _control_share(bytes(odd)) > 0.02:
        return None
    return max(["cp1252", "mac_roman", "latin-1"], key=lambda name: _plausible(bytes(odd), name))


def _wide(block: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of mostly ASCII text is zero."""
    sample = block[:4096]
    if len(sample) < 4 or b"\0" not in sample:
        return None
    even = sample[0::2].count(0) / len(sample[0::2])
    odd = sample[1::2].count(0) / len(sample[1::2])
    if odd > 0.6 and even < 0.05:
        return "utf-16-le"
    if even > 0.6 and odd < 0.05:
        return "utf-16-be"
    return None


def _control_share(content: bytes) -> float:
    controls = sum(content.count(bytes([code])) for code in range(32) if code not in (9, 10, 12, 13))
    return controls / max(len(content), 1)


def _plausible(content: bytes, encoding: str) -> float:
    """How well the characters beyond ASCII fit among their neighbours; higher is better."""
    text = content.decode(encoding, errors="replace")
    score = 0.0
    for position, character in enumerate(text):
        if ord(character) < 128:
            continue
        before = text[position - 1] if position else " "
        kind = unicodedata.category(character)
        if character == "\ufffd" or kind == "Cc":
            score -= 5
        elif kind == "Ll":
            score += 1 if before.isalpha() else -0.2
        elif kind == "Lu":
            score += -1.5 if before.islower() else 0.3
        elif character in "\u2019\u2018\u201c\u201d\u2013\u2014\u2026\u00a0\u20ac\u00a3\u00b0\u00ae\u2122":
            score += 0.8
        else:
            score -= 0.5
    return score
