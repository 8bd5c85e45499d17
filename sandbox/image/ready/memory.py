"""What the kernel counts of a container's memory, as far as it shows it inside."""

from __future__ import annotations

V1, V2 = "/sys/fs/cgroup/memory/", "/sys/fs/cgroup/"


def _read(*paths: str) -> str:
    for path in paths:
        try:
            with open(path) as file:
                return file.read()
        except OSError:
            continue
    return ""


def _field(text: str, *names: str) -> int:
    return sum(int(line.split()[1]) for line in text.splitlines() if line.split(" ")[0] in names)


def held_bytes() -> int:
    """Bytes in use that cannot be given back, as pages of files can; 0 where this is not shown."""
    used = int(_read(V2 + "memory.current", V1 + "memory.usage_in_bytes") or 0)
    stat = _read(V2 + "memory.stat", V1 + "memory.stat")
    return max(0, used - _field(stat, "inactive_file", "active_file"))


def peak_bytes() -> int:
    return int(_read(V2 + "memory.peak", V1 + "memory.max_usage_in_bytes") or 0)


def kills() -> int:
    """How many processes were killed for want of memory."""
    return _field(_read(V2 + "memory.events", V1 + "memory.oom_control"), "oom_kill")
