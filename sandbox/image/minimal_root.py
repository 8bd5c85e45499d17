"""Copies what an environment's interpreter needs besides the environment: itself, its standard library, shared libraries.

Run in the build of the image as `python minimal_root.py FOLDER`; the environment is that of the interpreter.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

# Of no use to a job, and large.
LEFT_OUT = shutil.ignore_patterns("test", "tests", "idlelib", "turtledemo", "ensurepip", "config-3*", "dist-packages", "site-packages")


def shared_libraries(binaries: list[Path]) -> set[Path]:
    """Paths, as the loader names them, of all that binaries are linked with."""
    found: set[Path] = set()
    for start in range(0, len(binaries), 200):
        listed = subprocess.run(["ldd", *map(str, binaries[start : start + 200])], capture_output=True, text=True)
        for line in listed.stdout.splitlines():
            parts = line.split("=>")[-1].split()
            if line.startswith(("\t", " ")) and parts and parts[0].startswith("/"):
                found.add(Path(parts[0]))
    return found


def copy(path: Path, root: Path) -> None:
    """Copies a file to the same place under root, by its name and by the name that links lead to."""
    for name in {str(path), str(path.resolve())}:
        # There /lib is a link to /usr/lib, whatever it is here.
        target = root / (f"usr{name}" if name.startswith("/lib") else name.lstrip("/"))
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            shutil.copy2(path.resolve(), target)


def main() -> None:
    root = Path(sys.argv[1])
    environment = Path(sys.prefix)
    library = Path(sysconfig.get_path("stdlib")).resolve()
    # The loader is named by its path below /lib64.
    for name in ("lib", "lib64"):
        (root / "usr" / name).mkdir(parents=True, exist_ok=True)
        (root / name).symlink_to(f"usr/{name}")
    shutil.copytree(library, root / str(library).lstrip("/"), symlinks=True, ignore=LEFT_OUT)
    interpreter = Path(sys.executable)
    while interpreter.is_symlink():
        interpreter = interpreter.parent / os.readlink(interpreter)
        if environment not in interpreter.parents:
            copy(interpreter, root)
    binaries = [interpreter.resolve(), *environment.rglob("*.so*"), *library.rglob("*.so")]
    for path in shared_libraries(binaries):
        if environment not in path.resolve().parents:
            copy(path, root)
    for name in ("job", "proc", "dev", "sys", "tmp"):
        (root / name).mkdir(exist_ok=True)
    (root / "out").symlink_to("tmp/.out")


main()
