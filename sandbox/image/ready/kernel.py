"""The kernel's calls that Python does not offer, by way of the C library."""

from __future__ import annotations

import ctypes
import os
import struct

MOUNT, HOST_NAME, IPC, PROCESSES, NETWORK = 0x20000, 0x4000000, 0x8000000, 0x20000000, 0x40000000
READ_ONLY, NO_SUID, NO_DEVICES, NO_PROGRAMS, REMOUNT, BIND, RECURSIVE, PRIVATE = 1, 2, 4, 8, 32, 4096, 16384, 1 << 18
DETACH = 2

SET_DUMPABLE, SET_SECCOMP, CAPABILITY_BOUND_DROP, SET_NO_NEW_PRIVILEGES, AMBIENT = 4, 22, 24, 38, 47
AMBIENT_CLEAR_ALL, FILTER = 4, 2
CAPABILITY_VERSION_3 = 0x20080522
HUGE_PAGE, COLLAPSE = 2 << 20, 25
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}[os.uname().machine]

_library = ctypes.CDLL(None, use_errno=True)
_library.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)


def _check(result: int, what: str) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


def unshare(flags: int) -> None:
    _check(_library.unshare(flags), "unshare")


def enter(namespace: int, kind: int) -> None:
    _check(_library.setns(namespace, kind), "setns")


def mount(source: str, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    encoded = [None if text is None else text.encode(errors="surrogateescape") for text in (source, target, kind, data)]
    _check(_library.mount(encoded[0], encoded[1], encoded[2], ctypes.c_ulong(flags), encoded[3]), f"mount {target}")


def pivot_here() -> None:
    """Makes the working directory, a mount point, the root; nothing else of the old one can be reached."""
    _check(_library.syscall(ctypes.c_long(PIVOT_ROOT), b".", b"."), "pivot_root")
    detach(".")
    os.chdir("/")


def unmount(path: str) -> None:
    """Fails while anybody uses it."""
    _check(_library.umount2(path.encode(), 0), f"umount2 {path}")


def detach(path: str) -> None:
    """Takes it out of sight at once, and away when nobody uses it any more."""
    _check(_library.umount2(path.encode(), DETACH), f"umount2 {path}")


def control(option: int, *values: int) -> None:
    padded = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]]
    _check(_library.prctl(option, *padded), f"prctl {option}")


def drop_capabilities() -> None:
    """All sets, the bounding set included: nothing can give them back."""
    capability = 0
    while True:
        try:
            control(CAPABILITY_BOUND_DROP, capability)
        except OSError:
            if capability == 0:
                raise
            break  # The kernel knows no further one.
        capability += 1
    control(AMBIENT, AMBIENT_CLEAR_ALL)
    header = struct.pack("Ii", CAPABILITY_VERSION_3, 0)
    _check(_library.capset(header, bytes(24)), "capset")


def filter_calls(program: bytes) -> None:
    """Installs a seccomp filter, given as an array of struct sock_filter."""
    instructions = ctypes.create_string_buffer(program, len(program))
    described = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(instructions))
    kept = ctypes.create_string_buffer(described, len(described))
    control(SET_SECCOMP, FILTER, ctypes.addressof(kept))


def use_huge_pages() -> None:
    """Gathers this process's own memory in huge pages, where the kernel can (from Linux 6.1 on): a fork copies far less then."""
    with open("/proc/self/maps") as maps:
        lines = [line.split() for line in maps]
    for span, rights, _, _, _, *name in lines:
        if rights.startswith("rw") and name in ([], ["[heap]"]):
            begin, end = (int(address, 16) for address in span.split("-"))
            for page in range(-(-begin // HUGE_PAGE) * HUGE_PAGE, end - HUGE_PAGE + 1, HUGE_PAGE):
                _library.madvise(page, HUGE_PAGE, COLLAPSE)


def show_arguments(arguments: list[str]) -> None:
    """Writes a command line over the one that this process was started with, as far as there is room."""
    with open("/proc/self/stat", "rb") as stat:
        fields = stat.read().rpartition(b")")[2].split()
    begin, end = int(fields[45]), int(fields[46])
    text = b"".join(argument.encode(errors="surrogateescape") + b"\0" for argument in arguments)[: end - begin - 1]
    ctypes.memmove(begin, text.ljust(end - begin, b"\0"), end - begin)
