"""What one job sees: a root of its own, made of mounts, and nothing else."""

from __future__ import annotations

import os
from typing import Any

import kernel

ROOM = "/room"
PLAIN = kernel.NO_SUID | kernel.NO_DEVICES
SHARED_MEMORY_BYTES = 16 << 20
STORE = "/store"
# Where the store is shown while a job's trees are taken from it: gone before the job's first line.
TREES = "/tmp/.store"


def prepare() -> list[int]:
    """Makes this process's namespaces and as much of a root as every job needs; returns descriptors of the namespaces.

    Called in the first process of a new process namespace. The order is that of `interpreter.NAMESPACES`.
    """
    kernel.unshare(kernel.MOUNT | kernel.IPC | kernel.HOST_NAME | kernel.NETWORK)
    kernel.mount("none", "/", None, kernel.RECURSIVE | kernel.PRIVATE)
    namespaces = [os.open(f"/proc/self/ns/{name}", os.O_RDONLY | os.O_CLOEXEC) for name in ("pid", "ipc", "uts", "net", "mnt")]
    # A mount of its own, which the ones below it do not hold in place.
    kernel.mount(ROOM, ROOM, None, kernel.BIND | kernel.RECURSIVE)
    kernel.mount("tmpfs", f"{ROOM}/tmp", "tmpfs", PLAIN, "mode=755")
    os.mkdir(f"{ROOM}/tmp/.out", 0o755)
    kernel.mount("tmpfs", f"{ROOM}/dev/shm", "tmpfs", PLAIN, f"size={SHARED_MEMORY_BYTES},mode=755")
    kernel.mount("proc", f"{ROOM}/proc", "proc", PLAIN | kernel.NO_PROGRAMS)
    kernel.mount("tmpfs", f"{ROOM}/job", "tmpfs", PLAIN, "mode=755")
    os.mkdir(ROOM + TREES, 0o700)
    kernel.mount(STORE, ROOM + TREES, None, kernel.BIND)
    os.chdir(ROOM)
    kernel.pivot_here()
    return namespaces


def furnish(request: dict[str, Any]) -> None:
    """Completes the root for a request: the size of its disk, its trees and its files; takes the store away."""
    kernel.mount("none", "/tmp", None, kernel.REMOUNT | PLAIN, f"size={request['disk_bytes']}")
    # Outer folders first, as a tree can lie below another.
    for path, tree in sorted(request["trees"].items()):
        target = f"/job/{path}"
        os.makedirs(target, 0o755, exist_ok=True)
        # Read-only as the store is here.
        kernel.mount(f"{TREES}/{tree}", target, None, kernel.BIND)
    for path, text in request["files"].items():
        target = f"/job/{path}"
        os.makedirs(os.path.dirname(target), 0o755, exist_ok=True)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o444)
        with open(descriptor, "wb") as file:
            file.write(text.encode(errors="surrogatepass"))
    # Not merely detached: that would succeed while somebody still held it.
    kernel.unmount(TREES)
    os.rmdir(TREES)
    kernel.mount("none", "/job", None, kernel.BIND | kernel.REMOUNT | kernel.READ_ONLY | PLAIN)
