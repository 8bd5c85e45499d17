"""The process that has imported the libraries: it forks a child for each job and never runs a line of one.

Requests come on a socket, as descriptors: the job's namespaces, its two streams, its specification (JSON in memory) and
where its end is to be told. The specification is read by the child alone, so that nothing of one job is in the
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

import kernel

NAMESPACES = (kernel.PROCESSES, kernel.IPC, kernel.HOST_NAME, kernel.NETWORK, kernel.MOUNT)
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
OWN_MODULES = ("kernel", "room", "interpreter", "supervise", "job", "frames", "memory")


def serve(requests: socket.socket, ready: int) -> dict[str, Any]:
    """Serves until the socket closes; returns only in the child of a job, with its specification."""
    own_processes = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    # One thread at the time of a fork.
    os.environ["JE_ARROW_MALLOC_CONF"] = "background_thread:false"
    load(FIRST)
    del os.environ["JE_ARROW_MALLOC_CONF"]
    os.write(ready, b"r")
    os.close(ready)
    later = list(LATER)
    while True:
        if later and not select.select([requests], [], [], 0)[0]:
            load(later.pop(0))
            continue
        message, descriptors, _, _ = socket.recv_fds(requests, 1, 16)
        if not message:
            os._exit(0)
        specification = answer(descriptors, own_processes)
        for descriptor in descriptors if specification is None else []:
            os.close(descriptor)
        if specification is not None:
            requests.detach()
            return specification


def load(names: tuple[str, ...]) -> None:
    for name in names:
        try:
            importlib.import_module(name)
        except ImportError:
            pass  # The job that needs it says so.
    # What is there now is not looked at again by a job's collector, and so not copied.
    gc.collect()
    gc.freeze()


def answer(descriptors: list[int], own_processes: int) -> dict[str, Any] | None:
    """Forks the job's process into its namespaces and tells how it ended; in that process, returns its specification."""
    *namespaces, out, err, specification, told = descriptors
    try:
        # Where this process's children are born; it stays where it is itself.
        kernel.enter(namespaces[0], kernel.PROCESSES)
        child = os.fork()
    except OSError:
        kernel.enter(own_processes, kernel.PROCESSES)
        return None  # The first process there has ended already.
    if child == 0:
        try:
            return become(namespaces, out, err, specification)
        except BaseException as error:
            os.write(err, f"The program could not be started: {error!r}\n".encode())
            os._exit(127)
    kernel.enter(own_processes, kernel.PROCESSES)
    _, status, usage = os.wait4(child, 0)
    code = os.waitstatus_to_exitcode(status)
    try:
        os.write(told, b"%d %d" % (128 - code if code < 0 else code, usage.ru_maxrss))
    except OSError:
        pass
    return None


def become(namespaces: list[int], out: int, err: int, specification: int) -> dict[str, Any]:
    """Turns the forked child into the job's process: its limits, no capability, no descriptor, no way back."""
    for namespace, kind in list(zip(namespaces, NAMESPACES, strict=True))[1:]:
        kernel.enter(namespace, kind)
    with open(specification, "rb", closefd=False) as file:
        asked: dict[str, Any] = json.loads(file.read())
    kernel.drop_capabilities()
    settle(asked, out, err)
    return asked


def settle(asked: dict[str, Any], out: int, err: int) -> None:
    """The last steps of a process before it runs a job: its streams and limits, and the filter of system calls."""
    os.chdir("/tmp")
    os.setsid()
    null = os.open("/dev/null", os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.closerange(3, 1 << 16)
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
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    kernel.show_arguments([sys.executable, *asked["argv"]])
    kernel.control(kernel.SET_NO_NEW_PRIVILEGES, 1)
    kernel.control(kernel.SET_DUMPABLE, 1)
    # When memory runs out, the job goes first.
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("500")
    kernel.filter_calls(bytes.fromhex(asked["seccomp"]))
    signal.pthread_sigmask(signal.SIG_SETMASK, set())
