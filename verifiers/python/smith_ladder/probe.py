"""Tries to read the answers from inside the job that solves. It must find nothing."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

NAMES = ("test_answer.csv", "units.csv")
MOST_ENTRIES = 20_000


def probe(job: Path) -> dict[str, Any]:
    """What was tried and found: files by name near the job and in its surroundings, and the network."""
    places = [job, job.parent / "private", Path("/job"), Path("/private"), Path("/data"), Path("/home"), Path("/root"), Path("/mnt"), Path("/proc/1/root/job"), Path("/tmp"), Path("/var/tmp"), Path("/out")]
    found: set[str] = set()
    tried = 0
    for place in places:
        tried += 1
        for number, (folder, _, files) in enumerate(os.walk(place, onerror=lambda _: None)):
            if number > MOST_ENTRIES:
                break
            hits = [name for name in files if name in NAMES]
            found.update(str(Path(folder) / name) for name in hits if _readable(Path(folder) / name))
    for name in NAMES:
        for guess in (job / "private" / name, job / "public" / ".." / "private" / name, Path("private") / name):
            tried += 1
            if _readable(guess):
                found.add(str(guess))
    return {"tried": tried, "found": sorted(found)[:20], "network": _network()}


def _readable(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            file.read(1)
        return True
    except OSError:
        return False


def _network() -> bool:
    try:
        with socket.create_connection(("192.0.2.1", 80), timeout=0.2):
            return True
    except TimeoutError:
        # A packet could leave, or was dropped: there is at least a route.
        return True
    except OSError:
        return False
