"""Questionnaires in plain text: numbered questions, each with numbered items, numbered answers, or both."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_NUMBER = re.compile(r"^\s*(?:Q(?:uestion)?\s*)?(\d{1,3})\s*[.):]\s*(.*)$", re.IGNORECASE)
_INSTRUCTION = re.compile(r"^\s*(\[.*\]?|BASE\b.*|(randomi[sz]e|rotate|flip|accordion)\b.*|page \d+.*|\d{1,3})\s*$", re.IGNORECASE)
_SHOUTED = re.compile(r"^[A-Z0-9 /,:;.\-–()]{5,}$")


@dataclass
class Question:
    """One question; each list of numbered lines below it, as number → text."""

    number: int
    text: str
    lists: list[dict[int, str]] = field(default_factory=list)


def questions_in(text: str) -> list[Question]:
    """Questions in order; none where the text is no questionnaire (fewer than three questions with answers)."""
    entries = _numbered(text)
    questions: list[Question] = []
    for number, words in entries:
        last = questions[-1].number if questions else 0
        asks = words.rstrip().endswith(("?", ":", "...", "…")) or "?" in words
        if last < number <= last + 4 and asks and len(words) > 12:
            questions.append(Question(number, words))
        elif questions:
            lists = questions[-1].lists
            if number == 1 or not lists:
                lists.append({})
            if number not in lists[-1]:
                lists[-1][number] = words
    answered = [question for question in questions if question.lists]
    return answered if len(answered) >= 3 else []


def _numbered(text: str) -> list[tuple[int, str]]:
    """Numbered lines with their text, which may stand on the lines below; instructions in capitals are left out."""
    entries: list[tuple[int, list[str]]] = []
    for line in text.splitlines():
        stripped = re.sub(r"\[[^\]]*\]", "", line).strip()
        found = _NUMBER.match(stripped)
        if found:
            entries.append((int(found[1]), [found[2].strip()] if found[2].strip() else []))
        elif stripped and entries and not _INSTRUCTION.match(line) and not (_SHOUTED.match(stripped)):
            if len(" ".join(entries[-1][1])) < 400:
                entries[-1][1].append(stripped)
    return [(number, " ".join(words)) for number, words in entries if words]
