"""What a dataset says of itself: texts, licence, source."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

from .encoding import find_encoding
from .head import head_text
from .kinds import LICENCES, READMES, RawFile

LONGEST = 20_000
LONGEST_ALL = 60_000
LICENCE_TEXTS = [
    (r"Apache License\s+Version 2\.0", "Apache-2.0"),
    (r"GNU AFFERO GENERAL PUBLIC LICENSE\s+Version 3", "AGPL-3.0"),
    (r"GNU LESSER GENERAL PUBLIC LICENSE\s+Version 3", "LGPL-3.0"),
    (r"GNU LESSER GENERAL PUBLIC LICENSE\s+Version 2", "LGPL-2.1"),
    (r"GNU GENERAL PUBLIC LICENSE\s+Version 3", "GPL-3.0"),
    (r"GNU GENERAL PUBLIC LICENSE\s+Version 2", "GPL-2.0"),
    (r"Mozilla Public License,? Version 2\.0", "MPL-2.0"),
    (r"CC0 1\.0 Universal|Creative Commons (Legal Code\s+)?CC0", "CC0-1.0"),
    (r"Open Database License|ODbL", "ODbL-1.0"),
    (r"Community Data License Agreement.{1,20}Permissive", "CDLA-Permissive-1.0"),
    (r"Redistribution and use in source and binary forms[\s\S]*Neither the name", "BSD-3-Clause"),
    (r"Redistribution and use in source and binary forms", "BSD-2-Clause"),
    (r"Permission is hereby granted, free of charge, to any person obtaining a copy", "MIT"),
    (r"This is free and unencumbered software released into the public domain", "Unlicense"),
]
CREATIVE = re.compile(
    r"(?:CC|Creative Commons)[\s-]*(?P<kind>(?:BY|Attribution)(?:[\s-]*(?:NC|Non-?Commercial))?(?:[\s-]*(?:SA|Share-?Alike|ND|No-?Deriv(?:ative)?s?))?)"
    r"(?:[\s\w]{0,25}?(?:Licen[sc]e|International|Unported)?[\s,v]*(?P<version>[1-4]\.0))?",
    re.I,
)
SHORT = [
    (r"\bCC[\s-]?0\b|public domain dedication", "CC0-1.0"),
    (r"\bApache(?: License)?[\s,-]*(?:Version|v)?\s*2(?:\.0)?", "Apache-2.0"),
    (r"\bMIT\b", "MIT"),
    (r"\bAGPL[\s-]*(?:v|version)?\s*3", "AGPL-3.0"),
    (r"\bGPL\s*\(?\s*>=?\s*2\s*\)?", "GPL-2.0-or-later"),
    (r"\bGPL[\s-]*(?:v|version)?\s*3", "GPL-3.0"),
    (r"\bGPL[\s-]*(?:v|version)?\s*2", "GPL-2.0"),
    (r"\bBSD[\s-]*3", "BSD-3-Clause"),
    (r"\bBSD[\s-]*2", "BSD-2-Clause"),
    (r"\bODbL\b|Open Database Licen[sc]e", "ODbL-1.0"),
    (r"\bpublic domain\b", "public domain"),
]
STATEMENT = re.compile(r"^[\s>*#+-]*(?:\*\*)?(?:data(?:set)?\s+)?(?:licen[cs]e|licen[cs]ing|terms of use)(?:\s*/[^:]{1,30})?(?:\*\*)?\s*:\s*(?:\*\*)?\s*(.+)$", re.I | re.M)
SENTENCE = re.compile(
    r"[^.\n]*\b(?:(?:licen[cs]ed?|released|available|distributed|shared|provided)\s+(?:under|as)\b|licen[cs]e\s+(?:of|for)\s+(?:the|this|these)\s+data(?:\s?set)?\s+is\b|data(?:\s?set)?\s+(?:is|are)\s+(?:in the\s+)?(?=public domain))[^\n]{0,200}",
    re.I,
)
SOURCE_LINE = re.compile(r"(?:source|origin|repository|download|homepage|home page|obtained from|available (?:at|from)|retrieved from|data from|url)[^\n]{0,160}?(https?://[^\s)>\]\"'`,]+)", re.I)


def read_document(raw: Path, file: RawFile) -> str:
    """The text of a document, clipped; empty when it cannot be read."""
    if file.kind == "pdf":
        return _pdf(raw / file.path)
    text = head_text(raw / file.path, find_encoding(raw / file.path) or "utf-8", 400_000)
    if file.kind == "html":
        text = re.sub(r"(?is)<(script|style|head)\b.*?</\1>", " ", text)
        text = re.sub(r"(?i)<(br|p|div|tr|li|h\d)\b[^>]*>", "\n", text)
        text = html.unescape(re.sub(r"<[^>]{0,2000}>", " ", text))
    return clean(text)


def clean(text: str) -> str:
    """Without control characters and runs of blank lines, at most 20,000 characters."""
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]", "", text)
    text = re.sub(r"[ \t]+\n", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()[:LONGEST]


def _pdf(path: Path) -> str:
    try:
        import pypdf

        reader = pypdf.PdfReader(path)
        pieces, length = [], 0
        for page in reader.pages[:40]:
            piece = page.extract_text() or ""
            pieces.append(piece)
            length += len(piece)
            if length > LONGEST:
                break
        return clean("\n".join(pieces))
    except Exception:  # noqa: BLE001 - damaged PDF files raise anything; such a file has no text
        return ""


def rank_documents(documents: list[dict[str, str]], columns: list[str]) -> list[dict[str, str]]:
    """The texts that say most of the columns first, at most 60,000 characters in all."""
    wanted = {column.lower() for column in columns[:500] if len(column) > 1}

    def score(document: dict[str, str]) -> float:
        words = set(re.findall(r"[\w.]+", document["text"].lower()))
        share = len(wanted & words) / max(len(wanted), 1)
        bonus = 0.3 if READMES.search(Path(document["path"]).name) else 0.0
        return share + bonus - 0.05 * document["path"].count("/")

    result, length = [], 0
    for document in sorted(documents, key=lambda item: (-score(item), item["path"])):
        text = document["text"][: LONGEST_ALL - length]
        if text and all(text != earlier["text"] for earlier in result):
            result.append({"path": document["path"], "text": text})
            length += len(text)
    return result


def find_licence(raw: Path, files: list[RawFile], documents: list[dict[str, str]]) -> dict[str, Any] | None:
    """What is said of the licence: a statement in a document first, then a licence file. Never a guess: a name is
    given only where the text has it."""
    for document in sorted(documents, key=lambda item: item["path"].count("/")):
        for match in STATEMENT.finditer(document["text"]):
            said = match.group(1).strip(" *`")
            return {"path": document["path"], "name": _stated_name(said)}
    for file in files:
        if LICENCES.match(file.name) and file.kind == "licence":
            encoding = find_encoding(raw / file.path)
            text = head_text(raw / file.path, encoding, 100_000) if encoding else ""
            return {"path": file.path, "name": _text_name(text)}
    for document in sorted(documents, key=lambda item: item["path"].count("/")):
        for match in SENTENCE.finditer(document["text"]):
            if (name := _short_name(match.group(0))) is not None:
                return {"path": document["path"], "name": name}
    return None


def _creative(text: str) -> str | None:
    match = CREATIVE.search(text)
    if match is None:
        return None
    kind = match.group("kind").lower()
    name = "CC-BY" + ("-NC" if "nc" in kind or "non" in kind else "")
    name += "-SA" if "sa" in kind or "share" in kind else "-ND" if "nd" in kind or "deriv" in kind else ""
    version = match.group("version")
    return f"{name}-{version}" if version else name


def _short_name(text: str) -> str | None:
    if (name := _creative(text)) is not None:
        return name
    return next((name for pattern, name in SHORT if re.search(pattern, text, re.I if "public" in pattern else 0)), None)


def _stated_name(said: str) -> str | None:
    """The identifier when the statement begins with one and names no other; else its words."""
    if re.match(r"(unknown|none|not |no licen|n/a)", said, re.I) or re.search(r"\bno licen[cs]e\b", said, re.I):
        return None
    clause = re.split(r"[;(]", said)[0]
    found = {name for pattern, name in SHORT if re.search(pattern, clause, re.I if "public" in pattern else 0)}
    creative = _creative(clause)
    found |= {creative} if creative and "CC0-1.0" not in found else set()
    single = found.pop() if len(found) == 1 else _short_name(said) if re.match(r"\s*GPL \(>= 2\)", said) else None
    if single and re.match(rf"\W*(the |under |data )?\W*({re.escape(single[:2])}|creative|open|public domain)", said, re.I):
        return single
    return said[:100]


def _text_name(text: str) -> str | None:
    start = text[:6000]
    for pattern, name in LICENCE_TEXTS:
        if re.search(pattern, start, re.I):
            return name
    return _creative(start[:1500]) or _short_name(start[:300])


def find_source(documents: list[dict[str, str]]) -> str | None:
    """The address that a document gives as the origin of the data, if one does."""
    ordered = sorted(documents, key=lambda item: ("source" not in item["path"].lower(), item["path"].count("/"), item["path"]))
    for document in ordered:
        match = SOURCE_LINE.search(document["text"])
        if match is not None:
            return match.group(1).rstrip(".;:")[:300]
    return None
