"""What one job sees: a root of its own, made of mounts, and nothing else."""

from __future__ import annotations

import os
from typing import Any

import kernel

ROOM = "/room"
PLAIN = kernel.NO_SUID | kernel.NO_DEVICES
SHARED_MEMORY_BYTES = 16 << 20
STORE = "/store"


def make(request: dict[str, Any]) -> list[int]:
    """Makes this process's namespaces and root for a request; returns descriptors of its namespaces.

    Called in the first process of a new process namespace. The order is that of `interpreter.NAMESPACES`.
    """
    kernel.unshare(kernel.MOUNT | kernel.IPC | kernel.HOST_NAME | kernel.NETWORK)
    kernel.mount("none", "/", None, kernel.RECURSIVE | kernel.PRIVATE)
    namespaces = [os.open(f"/proc/self/ns/{name}", os.O_RDONLY | os.O_CLOEXEC) for name in ("pid", "ipc", "uts", "net", "mnt")]
    # A mount of its own, which the ones below it do not hold in place.
    kernel.mount(ROOM, ROOM, None, kernel.BIND | kernel.RECURSIVE)
    kernel.mount("tmpfs", f"{ROOM}/tmp", "tmpfs", PLAIN, f"size={request['disk_bytes']},mode=755")
    os.mkdir(f"{ROOM}/tmp/.out", 0o755)
    kernel.mount("tmpfs", f"{ROOM}/dev/shm", "tmpfs", PLAIN, f"size={SHARED_MEMORY_BYTES},mode=755")
    kernel.mount("proc", f"{ROOM}/proc", "proc", PLAIN | kernel.NO_PROGRAMS)
    kernel.mount("tmpfs", f"{ROOM}/job", "tmpfs", PLAIN, "mode=755")
    # Outer folders first, as a tree can lie below another.
    for path, tree in sorted(request["trees"].items()):
        target = f"{ROOM}/job/{path}"
        os.makedirs(target, 0o755, exist_ok=True)
        # Read-only as the store is here.
        kernel.mount(f"{STORE}/{tree}", target, None, kernel.BIND)
    for path, text in request["files"].items():
        target = f"{ROOM}/job/{path}"
        os.makedirs(os.path.dirname(target), 0o755, exist_ok=True)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o444)
        with open(descriptor, "wb") as file:
            file.write(text.encode(errors="surrogatepass"))
    kernel.mount("none", f"{ROOM}/job", None, kernel.BIND | kernel.REMOUNT | kernel.READ_ONLY | PLAIN)
    os.chdir(ROOM)
    kernel.pivot_here()
    return namespaces
