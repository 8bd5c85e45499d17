"""Runs a task's prepare.py twice, compares what it wrote, and measures the public files.

The task's code runs only in child processes; this process imports nothing of it, reads none of what it prints as a
verdict, and ends every process that it left before looking at its files. The two runs differ in hash seed, time
zone, locale, clock, order of folders, number of cores, path of the raw data and working directory: equal bytes show that none of these matters.

Input: {"timeout": seconds for one run}. Trees: code/ with prepare.py is given as /job/task, the raw data as /job/raw.
Output: /out/result.json, and with success /out/tree/{public,private}.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import traceback
from pathlib import Path

sys.path[:] = [entry for entry in sys.path if entry not in ("", os.getcwd())]

JOB, OUT = Path("/job"), Path("/out")
SCRATCH = Path("/tmp")
# A time zone that needs no table of zones, and a locale that every system has.
OTHER_ENVIRONMENT = {"PYTHONHASHSEED": "4711", "TZ": "KTM-5:45", "LC_ALL": "C", "LANG": "C", "USER": "another"}
PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER = 4, 36


def harden() -> None:
    """Children cannot look into this process, and what they leave behind becomes its child."""
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def run_folder(number: int) -> Path:
    """A folder of its own for each run."""
    folder = SCRATCH / f"run-{number}"
    for name in ("public", "private", "work"):
        (folder / name).mkdir(parents=True)
    return folder


def start_fresh(folder: Path) -> subprocess.Popen:
    """The second run, in an interpreter of its own with another hash seed."""
    with open(folder / "stderr", "wb") as errors:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "smith_task.launch_prepare", "2", str(folder)],
            cwd=folder / "work",
            env={**os.environ, **OTHER_ENVIRONMENT, **homes(folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )


def start_forked(folder: Path) -> int:
    """The first run, in a copy of this process: pandas is imported once less."""
    process = os.fork()
    if process:
        return process
    try:
        with open(os.devnull, "rb") as nothing, open(folder / "stderr", "wb") as errors:
            os.dup2(nothing.fileno(), 0)
            os.dup2(errors.fileno(), 1)
            os.dup2(errors.fileno(), 2)
        os.environ.update(homes(folder))
        os.chdir(folder / "work")
        from smith_task.launch_prepare import launch

        launch(1, folder)
        code = 0
    except BaseException as error:  # whatever the task's code raises, this copy must not go on
        code = error.code if isinstance(error, SystemExit) and isinstance(error.code, int) else 1
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def homes(folder: Path) -> dict[str, str]:
    return {"HOME": str(folder / "work"), "TMPDIR": str(folder / "work")}


def wait_for(process: int, end: float) -> int | None:
    """Exit code of a child, or None when it does not end in time."""
    pause = 0.001
    while True:
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > end:
            return None
        time.sleep(pause)
        pause = min(pause * 1.3, 0.02)


def end_all(before: set[int]) -> None:
    """Kills every process that was not there before, until none is left."""
    for _ in range(200):
        left = processes() - before
        if not left:
            return
        for process in left:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            pass
        time.sleep(0.005)
    raise RuntimeError("processes of the task could not be ended")


def processes() -> set[int]:
    return {int(name) for name in os.listdir("/proc") if name.isdigit()}


def files_of(folder: Path) -> dict[str, str]:
    """Path → digest of every regular file; links and special files are named as such, never followed."""
    found = {}
    for root, folders, names in os.walk(folder):
        for name in sorted(folders + names):
            path = Path(root) / name
            key = path.relative_to(folder).as_posix()
            if path.is_symlink():
                found[key] = "link"
            elif path.is_file():
                with open(path, "rb") as file:
                    found[key] = hashlib.file_digest(file, "sha256").hexdigest()
            elif not path.is_dir():
                found[key] = "special"
    return found


def last_lines(path: Path, most: int = 2000) -> str:
    """The end of what a run printed to stderr."""
    with open(path, "rb") as file:
        file.seek(max(0, path.stat().st_size - most))
        return file.read().decode("utf-8", "replace")


def finish(problem: str | None, detail: str = "", report: dict | None = None) -> None:
    """Replaces whatever else lies in /out by the result."""
    for path in OUT.iterdir():
        if path.name != "tree" or problem is not None:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    result = {"problem": problem, "detail": detail[-4000:], "report": report}
    (OUT / "result.json").write_text(json.dumps(result, ensure_ascii=True), encoding="ascii")
    raise SystemExit(0)


def main() -> None:
    timeout = json.loads((JOB / "input.json").read_text())["timeout"]
    harden()
    before = processes()
    folders = [run_folder(1), run_folder(2)]
    fresh = start_fresh(folders[1])
    from smith_task.measure import measure_prepared  # imported while the second run starts

    end = time.monotonic() + timeout
    forked = start_forked(folders[0])
    codes = [wait_for(forked, end), wait_for(fresh.pid, end)]
    end_all(before)

    for code, folder in zip(codes, folders):
        if code is None:
            finish("timeout", f"prepare.py did not end within {timeout} seconds")
        if code != 0:
            finish("failed", last_lines(folder / "stderr"))
    trees = [{part: files_of(folder / part) for part in ("public", "private")} for folder in folders]
    for part in ("public", "private"):
        odd = [key for key, value in trees[0][part].items() if value in ("link", "special")]
        if odd:
            finish("failed", f"{part}/{odd[0]} is not a regular file")
        if not trees[0][part]:
            finish("failed", f"prepare.py wrote nothing to {part}")
    if trees[0] != trees[1]:
        finish("not_deterministic", difference(trees, folders))
    shutil.rmtree(OUT / "tree", ignore_errors=True)
    (OUT / "tree").mkdir()
    for part in ("public", "private"):
        shutil.move(folders[0] / part, OUT / "tree" / part)
    finish(None, report=measure_prepared(OUT / "tree"))


def difference(trees: list[dict[str, dict[str, str]]], folders: list[Path]) -> str:
    """Names the first files that two runs wrote differently, with the first lines that differ."""
    lines = []
    for part in ("public", "private"):
        first, second = trees[0][part], trees[1][part]
        for key in sorted(set(first) | set(second)):
            if first.get(key) == second.get(key):
                continue
            if key not in first or key not in second:
                lines.append(f"{part}/{key} is there in one of two runs only")
                continue
            lines.append(f"{part}/{key} differs between two runs")
            one, two = (open(folder / part / key, "rb").readlines() for folder in folders)
            for number, (left, right) in enumerate(zip(one, two), 1):
                if left != right:
                    lines.append(f"line {number}: {left[:200]!r} against {right[:200]!r}")
                    break
    return "\n".join(lines[:12])


if __name__ == "__main__":
    main()
