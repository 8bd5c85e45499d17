"""Keeps interpreters ready inside a sandbox. Started as `python zygote.py PADDING`; never runs foreign code.

Three kinds of processes: this one, small, which starts a supervisor for each job, the first process of a namespace of its
own; the interpreter that has imported the libraries, from which the job's process is forked into that namespace; and
the job's own process, the only one without rights. CONTROL carries requests in and frames out, each a letter,
a length and as many bytes; a byte on STOP ends the running job.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import struct
import sys
import time
from typing import Any

sys.path[:0] = ["/opt/ready", "/opt"]

import interpreter  # noqa: E402
import job  # noqa: E402
import kernel  # noqa: E402
import room  # noqa: E402
import supervise  # noqa: E402
from frames import Frames, read_exactly  # noqa: E402

CONTROL, STOP = 4, 5
LARGEST = 16_000  # One piece of a local socket: written whole or not at all.


frames = Frames(CONTROL, LARGEST)


def main() -> None:
    environment = {**os.environ, "PWD": "/tmp"}
    kernel.control(kernel.SET_DUMPABLE, 0)
    os.closerange(STOP + 1, 1 << 12)
    for descriptor in (CONTROL, STOP):
        os.set_blocking(descriptor, True)
    # A process namespace that belongs to our own user namespace, so that we may come back to it.
    kernel.unshare(kernel.PROCESSES)
    child = os.fork()
    if child:
        for descriptor in (CONTROL, STOP):
            os.close(descriptor)
        os._exit(1 if os.waitpid(child, 0)[1] else 0)
    ours, theirs = socket.socketpair()
    ready, told = os.pipe()
    if os.fork() == 0:
        ours.close()
        for descriptor in (ready, CONTROL, STOP):
            os.close(descriptor)
        specification = interpreter.serve(theirs, told)
        job.run(specification["argv"], environment, interpreter.OWN_MODULES)
    theirs.close()
    os.close(told)
    if os.read(ready, 1) != b"r":
        raise SystemExit("the interpreter could not be made ready")
    os.close(ready)
    own_processes = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    frames.one(b"r")
    while read_exactly(CONTROL, 1) == b"J":
        kernel.unshare(kernel.PROCESSES)
        child = os.fork()
        if child == 0:
            try:
                os._exit(supervised(ours))
            except BaseException as error:
                frames.one(b"f", repr(error).encode()[:2000])
                os._exit(1)
        kernel.enter(own_processes, kernel.PROCESSES)
        watch(child)


def watch(child: int) -> None:
    """Waits for a supervisor, or ends it, and with it everything in its namespace, when told to."""
    handle = os.pidfd_open(child)
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    poll.register(STOP, select.POLLIN)
    killed = False
    while True:
        happened = [descriptor for descriptor, _ in poll.poll()]
        if handle in happened:
            break
        if not os.read(STOP, 1):
            os._exit(0)
        killed = True
        signal.pidfd_send_signal(handle, signal.SIGKILL)
        poll.unregister(STOP)
    os.close(handle)
    _, status = os.waitpid(child, 0)
    # A word to stop that came too late is for this job still.
    while not killed and select.select([STOP], [], [], 0)[0]:
        killed = True
        os.read(STOP, 1)
    frames.one(b"d", b"%d" % os.waitstatus_to_exitcode(status))


def supervised(requests: socket.socket) -> int:
    """The first process of a job's namespace, from the request to the last output."""
    request: dict[str, Any] = json.loads(read_exactly(CONTROL, struct.unpack("<I", read_exactly(CONTROL, 4))[0]))
    kernel.show_arguments(["supervise.py"])
    namespaces = room.make(request)
    out = os.open("/out", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    pipes = [os.pipe() for _ in range(3)]
    (out_read, out_write), (err_read, err_write), (told_read, told_write) = pipes
    specification = os.memfd_create("job")
    supervise.write_all(specification, json.dumps(request["process"]).encode())
    os.lseek(specification, 0, os.SEEK_SET)
    frames.one(b"s")
    handed = [*namespaces, out_write, err_write, specification, told_write]
    socket.send_fds(requests, [b"j"], handed)
    for descriptor in handed:
        os.close(descriptor)
    ended, too_much = attend({out_read: b"o", err_read: b"e"}, told_read, request["resident_bytes"])
    if not ended:
        # The process that forks jobs has ended.
        frames.one(b"f", b"the interpreter that was kept ready has ended")
        return 1
    code, memory = ended.split()
    supervise.end_leftovers()
    frames.drain({out_read: b"o", err_read: b"e"})
    if too_much and code != b"0":
        frames.one(b"m")
    frames.one(b"x", code + b" " + memory)
    frames.outputs(out)
    # What lies there is gone, and its memory free, before the next job comes.
    os.close(out)
    os.chdir("/")
    kernel.unmount("/tmp")
    frames.one(b"z")
    return 0


def attend(streams: dict[int, bytes], told: int, most_resident: int | None) -> tuple[bytes, bool]:
    """Passes the job's streams on until its process has ended; returns what the interpreter tells of that."""
    poll = select.poll()
    for descriptor in (*streams, told):
        poll.register(descriptor, select.POLLIN)
    too_much = False
    looked = 0.0
    while True:
        for descriptor, _ in poll.poll(None if most_resident is None else 50):
            if descriptor == told:
                return os.read(told, 100), too_much
            data = os.read(descriptor, LARGEST)
            if data:
                frames.one(streams[descriptor], data)
            else:
                poll.unregister(descriptor)
        if most_resident is not None and not too_much and time.monotonic() - looked > 0.05:
            looked = time.monotonic()
            if supervise.resident_bytes() > most_resident:
                too_much = True
                supervise.kill_others()


main()
