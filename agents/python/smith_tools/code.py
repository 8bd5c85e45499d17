"""Python code of a model over the read-only dataset."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

PREAMBLE = """\
import json as _json
from pathlib import Path
RAW = Path("/job/raw")
def view(name):
    from smith_dataset.view import load_view
    return load_view(RAW, _json.loads(Path("/job/input.json").read_text())["views"][name])
"""


def run_python(raw: Path, asked: dict[str, Any]) -> str:
    """What the code prints; after an error, the end of what it printed and of the error."""
    script = Path("/tmp/look.py")
    script.write_text(PREAMBLE + asked["code"], encoding="utf-8")
    output, errors = Path("/tmp/look.out"), Path("/tmp/look.err")
    with output.open("wb") as out, errors.open("wb") as err:
        ended = subprocess.run(
            [sys.executable, str(script)],
            cwd="/tmp",
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            check=False,
        )
    printed = _read(output, asked["characters"], at_end=False)
    if ended.returncode == 0:
        return printed or "(it printed nothing)"
    failed = _read(errors, min(1500, asked["characters"]), at_end=True)
    raise RuntimeError(f"the code ended with status {ended.returncode}\n{printed[:500]}\n{failed}")


def _read(path: Path, characters: int, *, at_end: bool) -> str:
    size = path.stat().st_size
    with path.open("rb") as handle:
        if at_end and size > characters:
            handle.seek(size - characters)
        return handle.read(characters).decode("utf-8", errors="replace")
