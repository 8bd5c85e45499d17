"""Runs a solver's code as a program in /out, the work folder, which holds what the execution before it left.

/job/input.json: {code: str}. /job/public: the task's public folder. /job/work: the work folder as it was, if there was one.
Nothing here judges: exit code, output and files are taken by the engine, and whoever asked makes of them what it can.
"""

from __future__ import annotations

import builtins
import json
import os
import shutil
import sys
import traceback
import types
from pathlib import Path

JOB = Path("/job")
WORK = Path("/out")
# Written anew by each execution: one that writes no submission must not be graded by an earlier one.
NOT_CARRIED = {"submission.csv", "result.json"}


def carry(before: Path, work: Path) -> None:
    """Copies the work folder as the execution before left it. Rights are not copied: what is kept is read-only."""
    for entry in sorted(before.rglob("*")) if before.is_dir() else []:
        path = entry.relative_to(before)
        if path.parts[0] in NOT_CARRIED:
            continue
        if entry.is_dir():
            (work / path).mkdir()
        else:
            shutil.copyfile(entry, work / path)


def run(code: str) -> None:
    """Runs the code as `python solution.py` would; an error ends the process with its traceback and 1."""
    path = Path("/tmp/solution.py")
    path.write_text(code, encoding="utf-8")
    main = types.ModuleType("__main__")
    main.__dict__.update(__builtins__=builtins, __file__=str(path))
    sys.modules["__main__"] = main
    sys.argv[:] = [str(path)]
    sys.path.insert(0, str(WORK))
    try:
        exec(compile(code, str(path), "exec", dont_inherit=True), main.__dict__)
    except SystemExit:
        raise
    except BaseException as error:
        # Without the frame of this function, which is none of the solver's business.
        trace = error.__traceback__.tb_next if error.__traceback__ is not None else None
        traceback.print_exception(type(error), error, trace)
        sys.exit(1)


if __name__ == "__main__":
    asked = json.loads((JOB / "input.json").read_text(encoding="utf-8"))
    carry(JOB / "work", WORK)
    os.chdir(WORK)
    run(asked["code"])
