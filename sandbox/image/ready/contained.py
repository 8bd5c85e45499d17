"""First process of a container that serves one job. Started as `python contained.py SECONDS WARM PADDING`.

Its standard input carries the request and must stay open: when it closes, nobody is left to serve, and the container
ends. Its standard output carries frames. A child imports the libraries (when WARM is 1) while it waits for the
request, and then becomes the job's own process; this process runs no line of the job and cannot be signalled by it, being
the first of its namespace. After SECONDS it ends in any case.
"""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import struct
import sys
from typing import Any

import interpreter
import job
import kernel
import memory
import supervise
from frames import Frames, read_exactly

REQUESTS = 0
LARGEST = 1 << 16
IDLE_SECONDS = 0.25
frames = Frames(1, LARGEST)


def main() -> None:
    seconds, warm = int(sys.argv[1]), sys.argv[2] == "1"
    environment = {**os.environ, "PWD": "/tmp"}
    # Docker adds it.
    environment.pop("HOSTNAME", None)
    kernel.control(kernel.SET_DUMPABLE, 0)
    signal.signal(signal.SIGALRM, lambda *_: os._exit(124))
    signal.alarm(seconds)
    os.mkdir("/tmp/.out", 0o755)
    (out_read, out_write), (err_read, err_write) = os.pipe(), os.pipe()
    (asked_read, asked_write), (told_read, told_write) = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        for descriptor in (out_read, err_read, asked_write, told_read):
            os.close(descriptor)
        asked = wait_for_request(asked_read, told_write, warm)
        try:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            interpreter.settle(out_write, err_write, None, bytes.fromhex(asked["seccomp"]))
            interpreter.limit(asked)
            job.prepare(environment, interpreter.OWN_MODULES)
        except BaseException as error:
            os.write(err_write, f"The program could not be started: {error!r}\n".encode())
            os._exit(127)
        job.run(asked["argv"])
    for descriptor in (out_write, err_write, asked_read, told_write):
        os.close(descriptor)
    kernel.show_arguments(["supervise.py"])
    frames.one(b"r")
    request = next_request(told_read)
    held = memory.held_bytes()
    out = os.open("/out", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    supervise.write_all(asked_write, json.dumps(request["process"]).encode())
    os.close(asked_write)
    # The job's time begins when what was being imported has been.
    while os.read(told_read, 1) not in (b"s", b""):
        pass
    frames.one(b"s")
    code, resident = attend({out_read: b"o", err_read: b"e"}, child)
    supervise.end_leftovers()
    frames.drain({out_read: b"o", err_read: b"e"})
    if code != 0 and memory.kills():
        frames.one(b"m")
    peak = max(memory.peak_bytes() - held, 0) >> 10
    frames.one(b"x", b"%d %d" % (code, peak or resident))
    frames.outputs(out)
    frames.one(b"z")


def next_request(told: int) -> dict[str, Any]:
    """Waits for the job; tells, once, how much memory is held when the libraries have been imported."""
    poll = select.poll()
    for descriptor in (REQUESTS, told):
        poll.register(descriptor, select.POLLIN)
    while True:
        happened = [descriptor for descriptor, _ in poll.poll()]
        if REQUESTS in happened:
            read_exactly(REQUESTS, 1)
            return json.loads(read_exactly(REQUESTS, struct.unpack("<I", read_exactly(REQUESTS, 4))[0]))
        poll.unregister(told)
        if os.read(told, 1) == b"w":
            frames.one(b"w", b"%d" % memory.held_bytes())


def wait_for_request(asked: int, told: int, warm: bool) -> dict[str, Any]:
    """In the child: imports libraries until the request comes."""
    # Where one job follows another at once, those that need no libraries do not pay for them.
    warm = warm and not select.select([asked], [], [], IDLE_SECONDS)[0]
    # One thread, as in a fresh interpreter.
    os.environ["JE_ARROW_MALLOC_CONF"] = "background_thread:false"
    for name in interpreter.FIRST if warm else ():
        if select.select([asked], [], [], 0)[0]:
            break
        try:
            importlib.import_module(name)
        except ImportError:
            pass  # The job that needs it says so.
    else:
        os.write(told, b"w")
    parts = []
    while part := os.read(asked, 1 << 16):
        parts.append(part)
    os.write(told, b"s")
    return json.loads(b"".join(parts))


def attend(streams: dict[int, bytes], child: int) -> tuple[int, int]:
    """Passes the job's streams on until its process has ended; returns its exit code and its resident memory in KiB."""
    wake_read, wake_write = os.pipe()
    for descriptor in (wake_read, wake_write):
        os.set_blocking(descriptor, False)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    poll = select.poll()
    for descriptor in (*streams, wake_read, REQUESTS):
        poll.register(descriptor, select.POLLIN)
    while True:
        # It may have ended before its end could wake us.
        while True:
            try:
                process, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return 137, 0
            if process == child:
                code = os.waitstatus_to_exitcode(status)
                return (128 - code if code < 0 else code), usage.ru_maxrss
            if process == 0:
                break
        for descriptor, _ in poll.poll():
            if descriptor == REQUESTS:
                # Nothing more is asked: the other side has gone.
                os._exit(0)
            elif descriptor == wake_read:
                os.read(wake_read, 4096)
            elif data := os.read(descriptor, LARGEST):
                frames.one(streams[descriptor], data)
            else:
                poll.unregister(descriptor)


main()
