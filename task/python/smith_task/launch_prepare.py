"""Runs a task's prepare.py in this process: `launch_prepare NUMBER FOLDER` writes to FOLDER/public and FOLDER/private.

The second run sees another clock, folders in the opposite order, another number of cores, and the raw data at another path,
so that a dependence on them shows. That path leads to a copy, unless the data are large: then to the same files by a link.
"""

from __future__ import annotations

import os
import runpy
import shutil
import sys
import time
from pathlib import Path


# Bytes that the second run may be given a copy of: a fraction of a second, and little of the job's disk.
LARGEST_COPY = 64 * 2**20


def disturb() -> None:
    """Another clock, another number of cores, and another order of what a folder holds."""
    os.cpu_count = os.process_cpu_count = lambda: 3
    os.sched_getaffinity = lambda _process: {0, 1, 2}
    clock, nanoseconds = time.time, time.time_ns
    time.time = lambda: clock() + 40_000_000.0
    time.time_ns = lambda: nanoseconds() + 40_000_000_000_000_000
    listdir, scandir = os.listdir, os.scandir
    os.listdir = lambda *given: sorted(listdir(*given), reverse=True)

    class Reversed:
        """What os.scandir gives, the other way round."""

        def __init__(self, *given: object) -> None:
            with scandir(*given) as entries:
                self.entries = iter(sorted(entries, key=lambda entry: entry.name, reverse=True))

        def __iter__(self):
            return self.entries

        def __next__(self):
            return next(self.entries)

        def __enter__(self):
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def close(self) -> None:
            pass

    os.scandir = Reversed


def size_of(folder: Path) -> int:
    """Bytes of the files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def launch(number: int, folder: Path) -> None:
    """Calls prepare of /job/task/prepare.py; the second run is disturbed."""
    raw = Path("/job/raw")
    if number == 2:
        disturb()
        other = folder / "work" / ".given"
        other.mkdir()
        if size_of(raw) <= LARGEST_COPY:
            shutil.copytree(raw, other / "data")
        else:
            (other / "data").symlink_to(raw)
        raw = other / "data"
    prepare = runpy.run_path("/job/task/prepare.py", run_name="prepare")["prepare"]
    prepare(raw, folder / "public", folder / "private")


if __name__ == "__main__":
    os.dup2(2, 1)
    launch(int(sys.argv[1]), Path(sys.argv[2]))
