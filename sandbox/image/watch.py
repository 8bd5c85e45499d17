"""Ends what a killed mle-smith leaves running. Started outside of the sandbox, beside the program, as
`python -I -S watch.py CGROUP...`; its standard input comes from the program.

Lines `+N` and `-N` name the process groups of sandboxes that have started and ended; `end` is a regular end. When the
input ends without it, the program was killed: its sandboxes end by themselves, except those that were just
about to start, and its cgroups stay. Both are ended here.
"""

import posix
import sys
import time

SIGKILL = 9


def kill(process: int) -> None:
    try:
        posix.kill(process, SIGKILL)
    except OSError:
        pass


def remove(folder: str) -> bool:
    """Kills the processes of a cgroup and of those below, and removes them; False when some are left."""
    try:
        names = posix.listdir(folder)
    except OSError:
        return True
    empty = True
    for name in names:
        if not name.startswith("job-"):
            continue
        empty = remove(f"{folder}/{name}") and empty
    try:
        with open(f"{folder}/cgroup.procs") as processes:
            for line in processes:
                kill(int(line))
    except (OSError, ValueError):
        pass
    try:
        posix.rmdir(folder)
    except OSError:
        return False
    return empty


def main() -> None:
    groups: set[int] = set()
    for line in sys.stdin:
        word = line.strip()
        if word == "end":
            return
        if word.startswith("+"):
            groups.add(int(word[1:]))
        elif word.startswith("-"):
            groups.discard(int(word[1:]))
    for attempt in range(200):
        for group in groups:
            if group > 1:
                kill(-group)
        # Not `all`, which would stop at the first that is not empty yet.
        if sum(not remove(folder) for folder in sys.argv[1:]) == 0 and attempt > 0:
            return
        time.sleep(0.01 if attempt < 50 else 0.1)


main()
