"""What a file's bytes hold: themselves, and all that can be unpacked or decoded from them; bounded."""

from __future__ import annotations

import base64
import binascii
import bz2
import gzip
import io
import lzma
import re
import tarfile
import zipfile
from collections.abc import Iterator

from smith_checks.check import clip

MOST_BYTES, MOST_DEPTH = 30_000_000, 4


def layers(content: bytes, depth: int) -> Iterator[tuple[str, bytes]]:
    """The content, and what can be unpacked or decoded from it, each with how; `depth` says how many steps are behind it."""
    yield "", content
    if depth >= MOST_DEPTH:
        return
    for how, inner in _unpacked(content):
        if how == "backwards" and depth > 0:
            continue
        for deeper, layer in layers(inner, depth + 1):
            yield f"{how}{', ' + deeper if deeper else ''}", layer


def _unpacked(content: bytes) -> Iterator[tuple[str, bytes]]:
    """One step: members of archives, decompressed streams, base64 and hexadecimal text, text backwards; bounded."""
    for how, magic, unpack in (("gzip", b"\x1f\x8b", gzip.open), ("bzip2", b"BZh", bz2.open), ("xz", b"\xfd7zXZ", lzma.open)):
        if content.startswith(magic):
            try:
                with unpack(io.BytesIO(content)) as file:
                    yield how, file.read(MOST_BYTES)
            except (OSError, EOFError, lzma.LZMAError, ValueError):
                pass
    start = content.find(b"PK\x03\x04")
    if start >= 0:
        yield from _zip_members(content)
    if content[257:262] == b"ustar":
        try:
            with tarfile.open(fileobj=io.BytesIO(content)) as archive:
                for member in archive.getmembers()[:50]:
                    file = archive.extractfile(member) if member.isfile() else None
                    if file is not None:
                        yield f"tar member {clip(member.name, 80)}", file.read(MOST_BYTES)
        except (tarfile.TarError, OSError, EOFError):
            pass
    if len(content) < 5_000_000:
        if b"\x00" not in content[:2000] and content[-200:].count(b",") + content[-200:].count(b"\n") > 4:
            yield "backwards", content[::-1]
        for match in list(re.finditer(rb"[A-Za-z0-9+/_\-]{40,}={0,2}(?:\r?\n[A-Za-z0-9+/_\-]{4,}={0,2})*", content))[:20]:
            packed = re.sub(rb"\s", b"", match.group()).translate(bytes.maketrans(b"-_", b"+/"))
            try:
                if re.fullmatch(rb"[0-9a-fA-F]+", packed) and len(packed) % 2 == 0:
                    yield "hexadecimal", binascii.unhexlify(packed)
                yield "base64", base64.b64decode(packed + b"=" * (-len(packed) % 4))
            except (binascii.Error, ValueError):
                continue


def _zip_members(content: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist()[:50]:
                if not member.is_dir() and member.file_size < MOST_BYTES:
                    yield f"zip member {clip(member.filename, 80)}", archive.read(member)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError):
        return


def text_of(content: bytes) -> str | None:
    """Bytes as text, by the first encoding that fits; None for what is none."""
    for encoding in ("utf-8", "utf-16", "latin-1") if content[:2] not in (b"\xff\xfe", b"\xfe\xff") else ("utf-16",):
        try:
            text = content.decode(encoding)
        except (UnicodeDecodeError, UnicodeError):
            continue
        if "\x00" in text[:2000]:
            continue
        return text if encoding != "latin-1" or sum(char.isprintable() or char.isspace() for char in text[:2000]) > 0.9 * len(text[:2000]) else None
    return None
