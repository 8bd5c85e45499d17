"""Copies of the files that rows name: fresh names, one date, and nothing but the recording itself."""

from __future__ import annotations

import hashlib
import os
import struct
from pathlib import Path

import pandas as pd


def keep_with_file(rows: pd.DataFrame, raw: Path, column: str) -> pd.DataFrame:
    """Rows whose file is there, inside the raw folder."""
    root = raw.resolve()

    def is_there(name: object) -> bool:
        path = (raw / str(name)).resolve()
        return path.is_relative_to(root) and path.is_file()

    kept = rows[[is_there(name) for name in rows[column]]]
    if kept.empty:
        raise ValueError(f"none of the files that column {column!r} names is there")
    return kept


def file_digests(raw: Path, names: pd.Series) -> pd.Series:
    """Digest of each file's bytes, by which copies of one file are found."""
    return names.map(lambda name: hashlib.sha256((raw / name).read_bytes()).hexdigest())


def copy_files(raw: Path, names: pd.Series, ids: pd.Series, public: Path, part: str) -> list[str]:
    """Copies each file to `<part>/<id>.<extension>` without metadata; gives the new paths."""
    (public / part).mkdir()
    written = []
    for name, number in zip(names, ids):
        extension = Path(name).suffix.lower().replace(".jpeg", ".jpg")
        target = f"{part}/{number}{extension}"
        (public / target).write_bytes(without_metadata((raw / name).read_bytes()))
        os.utime(public / target, (946_684_800, 946_684_800))
        written.append(target)
    return written


def without_metadata(content: bytes) -> bytes:
    """The file without comments, dates, places and names that its format carries beside the recording.

    Nothing is encoded again: parts are left out of JPEG, PNG, WebP, WAV, FLAC and MP3 files, others stay as they are.
    """
    try:
        if content[:2] == b"\xff\xd8":
            return strip_jpeg(content)
        if content[:8] == b"\x89PNG\r\n\x1a\n":
            return strip_png(content)
        if content[:4] == b"RIFF" and content[8:12] in (b"WAVE", b"WEBP"):
            return strip_riff(content)
        if content[:4] == b"fLaC":
            return strip_flac(content)
        if content[:3] == b"ID3" or content[-128:-125] == b"TAG":
            return strip_mp3(content)
    except (struct.error, IndexError):
        pass  # a damaged file is handed on as it is
    return content


def strip_jpeg(content: bytes) -> bytes:
    """Leaves out comments and application segments but JFIF, colour profile and Adobe's; keeps the orientation."""
    kept, position = [content[:2]], 2
    while content[position] == 0xFF and content[position + 1] != 0xDA:
        marker = content[position + 1]
        if marker == 0xFF:
            position += 1
            continue
        end = position + 2 + struct.unpack(">H", content[position + 2 : position + 4])[0]
        segment = content[position:end]
        if marker == 0xE1 and segment[4:10] == b"Exif\0\0":
            kept.append(orientation_segment(segment[10:]))
        elif not (marker == 0xFE or 0xE1 <= marker <= 0xEF) or marker == 0xEE or segment[4:15] == b"ICC_PROFILE":
            kept.append(segment)
        position = end
    last = content.rfind(b"\xff\xd9")
    return b"".join(kept) + content[position : last + 2 if last > position else None]


def orientation_segment(tiff: bytes) -> bytes:
    """An Exif segment that tells how the picture is turned and nothing else; empty where it is upright."""
    order = "<" if tiff[:2] == b"II" else ">"
    start = struct.unpack(order + "I", tiff[4:8])[0]
    for entry in range(struct.unpack(order + "H", tiff[start : start + 2])[0]):
        tag, _, _, value = struct.unpack(order + "HHIH", tiff[start + 2 + 12 * entry : start + 12 + 12 * entry])
        if tag == 0x0112 and 2 <= value <= 8:
            directory = struct.pack("<HHHIHHI", 1, 0x0112, 3, 1, value, 0, 0)
            body = b"Exif\0\0II*\0\x08\0\0\0" + directory
            return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    return b""


def strip_png(content: bytes) -> bytes:
    """Leaves out text, Exif and time chunks, and what follows the end."""
    kept, position = [content[:8]], 8
    while position < len(content):
        size = struct.unpack(">I", content[position : position + 4])[0]
        kind, end = content[position + 4 : position + 8], position + 12 + size
        if kind not in (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"):
            kept.append(content[position:end])
        position = end
        if kind == b"IEND":
            break
    return b"".join(kept)


def strip_riff(content: bytes) -> bytes:
    """Leaves only what sound (WAV) or picture (WebP) is made of."""
    wanted = (
        (b"fmt ", b"fact", b"data")
        if content[8:12] == b"WAVE"
        else (b"VP8 ", b"VP8L", b"VP8X", b"ANIM", b"ANMF", b"ALPH", b"ICCP")
    )
    kept, position = [], 12
    while position + 8 <= len(content):
        kind, size = struct.unpack("<4sI", content[position : position + 8])
        end = min(position + 8 + size + size % 2, len(content))
        chunk = content[position:end]
        if kind == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & 0b11110011]) + chunk[9:]
        if kind in wanted:
            kept.append(chunk)
        position = end
    body = content[8:12] + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def strip_flac(content: bytes) -> bytes:
    """Leaves only the stream's own description and its seek table."""
    blocks, position, last = [], 4, False
    while not last:
        last, kind = content[position] >= 128, content[position] % 128
        end = position + 4 + int.from_bytes(content[position + 1 : position + 4], "big")
        if kind in (0, 3):
            blocks.append(bytes([kind]) + content[position + 1 : end])
        position = end
    blocks[-1] = bytes([blocks[-1][0] | 128]) + blocks[-1][1:]
    return b"fLaC" + b"".join(blocks) + content[position:]


def strip_mp3(content: bytes) -> bytes:
    """Leaves out the ID3 tags before and after the sound."""
    if content[:3] == b"ID3":
        size = 0
        for byte in content[6:10]:
            size = size * 128 + byte
        content = content[10 + size + (10 if content[5] & 16 else 0) :]
    return content[:-128] if content[-128:-125] == b"TAG" else content
