"""What a media file says beside its content: chunks, segments, header fields, bytes after the end, single pixels and samples."""

from __future__ import annotations

import io
import struct
from pathlib import Path

MOST_BYTES, MOST_PART, MOST_PIXELS = 4_000_000, 40, 1_000_000
_PIXEL_CHUNKS = {"IHDR", "PLTE", "IDAT", "IEND"}


def parts_of_file(path: Path) -> dict[str, bytes]:
    """Parts by name; the beginning of each. A file that cannot be read has none."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES)
    except OSError:
        return {}
    try:
        if content.startswith(b"\x89PNG\r\n\x1a\n"):
            return _png(content)
        if content.startswith(b"\xff\xd8"):
            return _jpeg(content)
        if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
            return _wave(content)
    except (struct.error, IndexError, ValueError, OSError, SyntaxError):
        return {}
    # Text or another kind: what stands at its end may be added by anybody.
    return {"the last bytes": content.rstrip()[-2:]}


def _png(content: bytes) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    place = 8
    while place + 12 <= len(content):
        (size,) = struct.unpack_from(">I", content, place)
        kind = content[place + 4 : place + 8].decode("latin-1")
        body = content[place + 8 : place + 8 + size]
        place += 12 + size
        if kind not in _PIXEL_CHUNKS:
            parts[f"the chunk {kind}"] = parts.get(f"the chunk {kind}", b"") + body
        if kind == "IEND":
            break
    parts["what follows the end"] = content[place:]
    parts.update(_pixels(content))
    return {name: part[:MOST_PART] for name, part in parts.items()}


def _pixels(content: bytes) -> dict[str, bytes]:
    """Corners of a picture without loss, and the low bits of its first pixels."""
    import numpy as np
    from PIL import Image

    with Image.open(io.BytesIO(content)) as image:
        if image.width * image.height > MOST_PIXELS:
            return {}
        pixels = np.asarray(image)
    if pixels.dtype != np.uint8 or pixels.size == 0:
        return {}
    parts = {
        "the first pixel": pixels[0, 0],
        "the last pixel": pixels[-1, -1],
        "the first pixel of the last row": pixels[-1, 0],
        "the last pixel of the first row": pixels[0, -1],
    }
    first = pixels[0].reshape(pixels.shape[1], -1)[:, 0]
    for bits in range(3, 9):
        parts[f"the low bits of the first {bits} pixels"] = first[:bits] & 1
    return {name: part.tobytes() for name, part in parts.items()}


def _jpeg(content: bytes) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    place = 2
    while place + 4 <= len(content) and content[place] == 0xFF:
        marker, size = content[place + 1], struct.unpack_from(">H", content, place + 2)[0]
        if marker == 0xDA:
            break
        if marker == 0xFE or 0xE0 <= marker <= 0xEF:
            name = f"the segment {marker:02X}"
            body = content[place + 4 : place + 2 + size]
            # What matters stands at the end of a segment of tags, at the beginning of a comment.
            parts[name] = parts.get(name, b"") + (body if len(body) <= MOST_PART else body[: MOST_PART // 2] + body[-MOST_PART // 2 :])
        place += 2 + size
    end = content.rfind(b"\xff\xd9")
    if end >= 0:
        parts["what follows the end"] = content[end + 2 :]
    return {name: part[: 2 * MOST_PART] for name, part in parts.items()}


def _wave(content: bytes) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    place, end = 12, 8 + struct.unpack_from("<I", content, 4)[0]
    while place + 8 <= min(len(content), end):
        kind = content[place : place + 4].decode("latin-1")
        (size,) = struct.unpack_from("<I", content, place + 4)
        body = content[place + 8 : place + 8 + size]
        if kind == "data":
            parts["the first sample"], parts["the last sample"] = body[:2], body[-2:]
        elif kind == "fmt ":
            for field, (start, stop) in {"rate": (4, 8), "byte rate": (8, 12), "rest": (12, 40)}.items():
                parts[f"the header's {field}"] = body[start:stop]
        else:
            parts[f"the chunk {kind.strip()}"] = body
        place += 8 + size + size % 2
    parts["what follows the end"] = content[max(place, end) :]
    return {name: part[:MOST_PART] for name, part in parts.items()}
