"""The process that has imported the libraries: it forks a child for each job and never runs a line of one.

Requests come on a socket, as descriptors: the job's namespaces, its two streams, where its specification (JSON) will come
from and where its end is to be told. The specification is read by the child alone, so that nothing of one job is in the
memory that the next one is copied from.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import resource
import select
import signal
import socket
import sys
from typing import Any

import job
import kernel

NAMESPACES = (kernel.PROCESSES, kernel.IPC, kernel.HOST_NAME, kernel.NETWORK, kernel.MOUNT)
# Where a process that waits for its job reads what the job is.
KEPT = 3
# Imported before the first job, and then one group at a time while no job waits.
FIRST = ("numpy", "pandas", "pyarrow", "runpy", "traceback", "warnings", "json", "csv", "hashlib", "zipfile", "tempfile")
LATER = (
    ("pandas.io.parsers.readers", "pandas.io.formats.csvs", "pandas.plotting", "gzip", "bz2", "lzma", "tarfile", "sqlite3"),
    ("scipy.sparse", "scipy.special"),
    ("scipy.stats", "scipy.fft", "scipy.spatial", "scipy.optimize"),
    ("sklearn.preprocessing", "sklearn.linear_model", "sklearn.metrics"),
    ("sklearn.feature_extraction.text", "sklearn.decomposition", "sklearn.pipeline", "sklearn.model_selection"),
    ("sklearn.ensemble", "sklearn.neighbors"),
    ("lightgbm",),
    ("pyarrow.parquet", "PIL.Image", "wave", "http", "xml.etree.ElementTree"),
)
OWN_MODULES = ("kernel", "room", "interpreter", "supervise", "supervisor", "job", "frames", "memory")


def serve(requests: socket.socket, ready: int, calls: bytes, environment: dict[str, str]) -> list[str]:
    """Serves until the socket closes; returns only in the process of a job, with its arguments.

    A request for a process (`j`) is met when all libraries have been imported, or when it is needed (`g`).
    """
    own_processes = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    # One thread at the time of a fork.
    os.environ["JE_ARROW_MALLOC_CONF"] = "background_thread:false"
    load(FIRST)
    del os.environ["JE_ARROW_MALLOC_CONF"]
    os.write(ready, b"r")
    os.close(ready)
    later = list(LATER)
    asked: list[int] = []
    while True:
        silent = not select.select([requests], [], [], 0)[0]
        needed = False
        if silent and later:
            load(later.pop(0))
            if not later:
                kernel.use_huge_pages()
        elif not silent or not asked:
            message, descriptors, _, _ = socket.recv_fds(requests, 1, 16)
            if not message:
                os._exit(0)
            needed = message == b"g"
            if not needed:
                # Who asked before has ended, if it has not been answered.
                close(asked)
                asked = descriptors
        if asked and (needed or silent and not later):
            *namespaces, out, err, specification, told = asked
            child = fork_into(namespaces[0], own_processes)
            if child == 0:
                requests.detach()
                try:
                    return become(namespaces, out, err, specification, calls, environment)
                except BaseException as error:
                    os.write(err, f"The program could not be started: {error!r}\n".encode())
                    os._exit(127)
            close([*namespaces, out, err, specification])
            if child is not None:
                tell_end(child, told)
            close([told])
            asked = []


def close(descriptors: list[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


def load(names: tuple[str, ...]) -> None:
    for name in names:
        try:
            importlib.import_module(name)
        except ImportError:
            pass  # The job that needs it says so.
    # What is there now is not looked at again by a job's collector, and so not copied.
    gc.collect()
    gc.freeze()


def fork_into(processes: int, own_processes: int) -> int | None:
    """Forks a process into a process namespace; None where the first process there has ended already."""
    try:
        # Where this process's children are born; it stays where it is itself.
        kernel.enter(processes, kernel.PROCESSES)
        child = os.fork()
    except OSError:
        child = None
    if child != 0:
        kernel.enter(own_processes, kernel.PROCESSES)
    return child


def tell_end(child: int, told: int) -> None:
    """Waits for the process of a job and tells its exit code and its highest resident memory in KiB."""
    _, status, usage = os.wait4(child, 0)
    code = os.waitstatus_to_exitcode(status)
    try:
        os.write(told, b"%d %d" % (128 - code if code < 0 else code, usage.ru_maxrss))
    except OSError:
        pass  # Nobody is left to hear it.


def become(
    namespaces: list[int], out: int, err: int, specification: int, calls: bytes, environment: dict[str, str]
) -> list[str]:
    """Turns the forked child into a job's process: no capability, no descriptor, no way back; then waits for the job."""
    for namespace, kind in list(zip(namespaces, NAMESPACES, strict=True))[1:]:
        kernel.enter(namespace, kind)
    kernel.drop_capabilities()
    settle(out, err, specification, calls)
    job.prepare(environment, OWN_MODULES)
    os.write(KEPT, b"w")
    parts = []
    while part := os.read(KEPT, 1 << 16):
        parts.append(part)
    os.close(KEPT)
    if not parts:
        os._exit(0)
    asked: dict[str, Any] = json.loads(b"".join(parts))
    limit(asked)
    return asked["argv"]


def settle(out: int, err: int, kept: int | None, calls: bytes) -> None:
    """The steps of a process before it runs a job, whatever job it is: its streams, and the filter of system calls.

    The descriptor `kept`, if any, becomes KEPT; all others but the streams are closed.
    """
    os.chdir("/tmp")
    os.setsid()
    null = os.open("/dev/null", os.O_RDONLY)
    for descriptor, place in ((null, 0), (out, 1), (err, 2), *([] if kept is None else [(kept, KEPT)])):
        os.dup2(descriptor, place)
    os.closerange(KEPT if kept is None else KEPT + 1, 1 << 16)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    kernel.control(kernel.SET_NO_NEW_PRIVILEGES, 1)
    kernel.control(kernel.SET_DUMPABLE, 1)
    # When memory runs out, the job goes first.
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("500")
    kernel.filter_calls(calls)
    signal.pthread_sigmask(signal.SIG_SETMASK, set())


def limit(asked: dict[str, Any]) -> None:
    """The limits of one job's process, and its command line."""
    for kind, name in (
        (resource.RLIMIT_NOFILE, "open_files"),
        (resource.RLIMIT_FSIZE, "file_bytes"),
        (resource.RLIMIT_NPROC, "processes"),
        (resource.RLIMIT_AS, "address_bytes"),
    ):
        if asked.get(name):
            hard = resource.getrlimit(kind)[1]
            value = asked[name] if hard == resource.RLIM_INFINITY else min(asked[name], hard)
            resource.setrlimit(kind, (value, value))
    kernel.show_arguments([sys.executable, *asked["argv"]])
