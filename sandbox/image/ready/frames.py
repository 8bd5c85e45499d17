"""Messages to the program outside: a letter, a length and as many bytes."""

from __future__ import annotations

import os
import struct

import supervise


class Frames:
    """Writes frames to a descriptor; what is longer than `largest` is cut."""

    def __init__(self, descriptor: int, largest: int) -> None:
        self.descriptor = descriptor
        self.largest = largest

    def one(self, kind: bytes, data: bytes = b"") -> None:
        supervise.write_all(self.descriptor, kind + struct.pack("<I", len(data)) + data)

    def many(self, kind: bytes, data: bytes) -> None:
        for start in range(0, len(data), self.largest):
            self.one(kind, data[start : start + self.largest])

    def drain(self, streams: dict[int, bytes]) -> None:
        """Sends what lies in streams to which nobody is left to write."""
        for descriptor, kind in streams.items():
            while data := os.read(descriptor, self.largest):
                self.one(kind, data)

    def outputs(self, out: int) -> None:
        """Sends a folder as a tar, and a note of what was left out."""
        left_out = supervise.send_folder(out, b"", lambda data: self.many(b"t", bytes(data)))
        self.many(b"t", b"\0" * (2 * supervise.BLOCK))
        if left_out:
            self.one(b"e", supervise.left_out_note(left_out))


def read_exactly(descriptor: int, count: int) -> bytes:
    """Ends the process when the other side is gone."""
    parts = []
    while count:
        part = os.read(descriptor, min(count, 1 << 20))
        if not part:
            os._exit(0)
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
