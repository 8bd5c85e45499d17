"""Column names that can be used: not empty, unique, of one line, of bounded length."""

from __future__ import annotations

import re

LONGEST = 200


def tidy_names(names: list[object]) -> list[str]:
    """Unique, non-empty names of at most 200 characters; equal ones get `.1`, `.2`, empty ones `unnamed_<n>`."""
    result: list[str] = []
    taken: set[str] = set()
    for position, name in enumerate(names):
        text = "" if name is None else str(name)
        text = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffd]+", " ", text).strip()[:LONGEST].strip()
        base = text or f"unnamed_{position}"
        if base.startswith("Unnamed: "):
            base = f"unnamed_{position}"
        candidate, count = base, 0
        while candidate in taken:
            count += 1
            candidate = f"{base[: LONGEST - 8]}.{count}"
        taken.add(candidate)
        result.append(candidate)
    return result
