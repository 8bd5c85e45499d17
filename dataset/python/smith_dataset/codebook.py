"""What the dataset's documentation says of its columns."""

from __future__ import annotations

import re

from .columns import Column, texts_of
from .dictionaries import clean, pairs_in
from .questionnaires import questions_in
from .text import DESCRIPTION_LIMIT, clip, key_of, printable

_EMPTY = re.compile(
    r"^(R documentation|no description( provided| available)?|n/?a|none|todo|tbd|\(?(numeric|integer|factor|character|logical|string|double|date)\)?"
    r"|a(n)? (numeric|character|factor|logical|integer|ordered|list)( vector| variable| column)?)\.?$",
    re.IGNORECASE,
)
_KIND = re.compile(
    r"^(an? )?\(?(numeric|integer|character|factor|logical|double|string|int|chr|num|dbl|fct|lgl|dttm|date|real|float|binary|text|bool(ean)?)\)?( vector| variable)?\)?\s*[.:;,]\s+(?=\S{3})", re.IGNORECASE
)



# `price.z`, `disp_z`: the last part stands for any of several names.
_PLACEHOLDER = re.compile(r"([A-Za-z][\w.]*?)([._])(?:([A-Za-z])|[<{\[(]\s*([A-Za-z]\w*)\s*[>}\])])")


class Codebook:
    """Texts by key of the name that they explain (see `key_of`); the first, most trustworthy one counts."""

    def __init__(self) -> None:
        self.entries: dict[str, str] = {}
        # Value → meaning, by the same keys, where a questionnaire lists the answers.
        self.answers: dict[str, dict[str, str]] = {}
        # What stands before a placeholder, with its separator → the placeholder and the text.
        self.templates: dict[str, tuple[str, str]] = {}

    def add(self, name: str, text: str) -> None:
        key = key_of(name)
        if not key or len(name) > 80 or key in self.entries:
            return
        text = clean(text).lstrip(":=-–—.`* ")
        text = _KIND.sub("", text)
        if len(text) < 3 or len(text) > 6000 or _EMPTY.match(text) or key_of(text) == key or not re.search(r"[A-Za-z]", text):
            return
        self.entries[key] = text
        template = _PLACEHOLDER.fullmatch(name.strip().strip("`*\"'"))
        # A single letter is a placeholder where the text speaks of it ("price of brand z"); "a" and "I" are words as well.
        spoken = template and template[3] not in (None, "a", "A", "I") and re.search(rf"(?<![\w'’]){template[3]}(?![\w'’])", text)
        if template and (template[4] or spoken):
            self.templates.setdefault((template[1] + template[2]).lower(), (template[3] or template[4], text))

    def fill(self, names: list[str]) -> dict[str, str]:
        """Texts for columns documented with a placeholder: `price.z`, "price of brand z" tells of `price.sunshine` what
        the price of brand sunshine is. Only where several columns share the beginning and none has the placeholder's name."""
        found: dict[str, str] = {}
        taken = {name.lower() for name in names}
        for start, (placeholder, text) in self.templates.items():
            filled = [name for name in names if name.lower().startswith(start) and len(name) > len(start)]
            if len(filled) < 2 or start + placeholder.lower() in taken:
                continue
            word = re.compile(rf"(?<![\w'’]){re.escape(placeholder)}(?![\w'’])")
            for name in filled:
                level = name[len(start) :]
                told = word.sub(lambda _, level=level: level, text)
                found[name] = told if told != text else f"{text} ({level})"
        return found

    def find(self, name: str) -> str | None:
        """The text for a column: by its name, by its own name in a joined table, or by the question it is a part of."""
        keys = [key_of(name)]
        if "." in name:
            keys.append(key_of(name.rsplit(".", 1)[1]))
        for key in keys:
            if key in self.entries:
                return self.entries[key]
        part = re.fullmatch(r"(.*[A-Za-z]\d+)[_.](\d+)", name)
        if part and key_of(part[1]) in self.entries:
            return f"{self.entries[key_of(part[1])]} (part {part[2]})"
        return None


def read_codebook(documents: list[dict[str, str]]) -> Codebook:
    """Every pair that any document gives; `describe_columns` keeps those that name a column."""
    book = Codebook()
    for document in documents:
        for name, text in pairs_in(document["path"], document["text"]):
            book.add(name, text)
    for document in documents:
        _add_questions(book, document["text"])
    return book


def _add_questions(book: Codebook, text: str) -> None:
    """Columns of a survey are called Q1, Q2_1 …: question, item, and the answers' codes."""
    for question in questions_in(text):
        name = f"q{question.number}"
        book.add(name, question.text)
        answers = {str(number): clip(clean(words), 80) for number, words in question.lists[-1].items()}
        if len(question.lists) == 1:
            book.answers.setdefault(name, answers)
        # With one list its lines may be items to tick as well as answers.
        for number, words in question.lists[0].items():
            item = f"{name}_{number}"
            book.add(item, f"{question.text} {words}")
            if len(question.lists) > 1:
                book.answers.setdefault(key_of(item), answers)


def describe_columns(columns: list[Column], book: Codebook) -> None:
    """Gives each column what the codebook says of it, and the meanings of its codes."""
    filled = book.fill([column.name for column in columns])
    for column in columns:
        text = book.find(column.name) or filled.get(column.name)
        if text is None or column.type == "path":
            continue
        column.description = short(text)
        column.labels = labels_in(text, column)
        answers = book.answers.get(key_of(column.name), {})
        if not column.labels and 2 <= column.distinct <= len(answers) + 4:
            values = set(texts_of(column))
            known = {code: label for code, label in answers.items() if code in values}
            column.labels = known if len(known) >= 2 else {}


def short(text: str) -> str:
    """The first one or two sentences, at most `DESCRIPTION_LIMIT` characters."""
    sentences = re.split(r"(?<=[A-Za-z)\]”\"%][.!?])\s+(?=[A-Z(“\"])", text)
    result = sentences[0]
    for sentence in sentences[1:3]:
        if len(result) + len(sentence) + 1 > DESCRIPTION_LIMIT:
            break
        result += " " + sentence
    return clip(result, DESCRIPTION_LIMIT)


_NUMBERED = re.compile(
    r"(?<![\w.])[\"'“]?(-?\d{1,5})[\"'”]?\s*(?:=|:|-|–|\)|\bis\b|\bfor\b|\bmeans\b)\s*[\"'“]?([A-Za-z<>≤≥$][^,;=\n\"”]*?)[\"'”]?\s*(?=[,;.)]|$|\s(?:and|or|vs\.?)?\s*-?\d{1,5}\s*(?:=|:|-|–|\)))"
)
_IN_PARENTHESES = re.compile(r"(?<![\w.])(-?\d{1,5})\s*\(([A-Za-z][^()]{1,60})\)")
_LETTERED = re.compile(r"(?<![\w.])[\"'“]?([A-Za-z][\w.+/-]{0,11})[\"'”]?\s*(?:=|:)\s*[\"'“]?([A-Za-z][^,;=\n\"”]*?)[\"'”]?\s*(?=[,;.)]|$|\s(?:and|or)?\s*[\w+-]{1,12}\s*=)")


def labels_in(text: str, column: Column) -> dict[str, str]:
    """Meanings of codes such as `1 = male, 2 = female` or `m = male` that are values of the column."""
    if not 2 <= column.distinct <= 60:
        return {}
    values = set(texts_of(column))
    for pattern in (_NUMBERED, _IN_PARENTHESES, _LETTERED):
        found = {code: printable(label).strip(" .")[:80] for code, label in pattern.findall(text)}
        kept = {code: label for code, label in found.items() if code in values and label.lower() != code.lower()}
        if len(kept) >= 2:
            return kept
    return {}


def title_of(documents: list[dict[str, str]]) -> str | None:
    """First heading of the document that lies highest: `# Title`, or a line that is underlined. Code is skipped."""
    for document in sorted(documents, key=lambda document: document["path"].count("/")):
        text = re.sub(r"(?ms)^\s*(```|~~~).*?^\s*(```|~~~)\s*$", "", document["text"])
        lines = text.splitlines()
        for index, line in enumerate(lines[:60]):
            if line.startswith("# "):
                return clean(line[2:])
            below = lines[index + 1].strip() if index + 1 < len(lines) else ""
            underlined = re.match(r"^(-{4,}|={4,})$", below) and re.match(r"^[^\s|+=-]", line)
            if underlined and "R Documentation" not in line and len(line.strip()) > 2:
                return clean(line)
    return None
