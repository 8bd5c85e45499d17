"""Keeps interpreters ready inside a sandbox. Started as `python zygote.py PADDING`; never runs foreign code.

Three kinds of processes: this one, small, which starts a supervisor for each job, the first process of a namespace of its
own; the interpreter that has imported the libraries, from which the job's process is forked into that namespace; and
the job's own process, the only one without rights. The supervisor and the process of the next job are made ahead, and wait
for it. CONTROL carries requests in and frames out, each a letter, a length and as many bytes; a byte on STOP ends the
running job; FILTER holds the filter of system calls that each job gets.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
from typing import NamedTuple, NoReturn

sys.path[:0] = ["/opt/ready", "/opt"]

import interpreter  # noqa: E402
import job  # noqa: E402
import kernel  # noqa: E402
import supervisor  # noqa: E402
from frames import Frames, read_exactly  # noqa: E402

CONTROL, STOP, FILTER = 4, 5, 6
LARGEST = 16_000  # One piece of a local socket: written whole or not at all.
MOST_SPOILED = 3
# Nothing can be forked any more; all else ends with this process.
BEREFT = "the interpreter that was kept ready has ended"
frames = Frames(CONTROL, LARGEST)


class Supervisor(NamedTuple):
    process: int
    # Becomes readable when the process has ended.
    handle: int
    # A byte here tells it that a job comes.
    go: int


def main() -> None:
    environment = {**os.environ, "PWD": "/tmp"}
    kernel.control(kernel.SET_DUMPABLE, 0)
    with open(FILTER, "rb") as file:
        calls = file.read()
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
    forking = os.fork()
    if forking == 0:
        ours.close()
        for descriptor in (ready, CONTROL, STOP):
            os.close(descriptor)
        arguments = interpreter.serve(theirs, told, calls, environment)
        job.run(arguments)
    theirs.close()
    os.close(told)
    if os.read(ready, 1) != b"r":
        raise SystemExit("the interpreter could not be made ready")
    os.close(ready)
    frames.one(b"r")
    own_processes = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    interpreter_handle = os.pidfd_open(forking)
    spoiled = 0
    while spoiled < MOST_SPOILED:
        waiting = start(ours, own_processes)
        if job_comes(waiting, interpreter_handle):
            try:
                os.write(waiting.go, b"g")
            except BrokenPipeError:
                raise SystemExit("the supervisor of the next job has ended") from None
            watch(waiting, interpreter_handle)
            spoiled = 0
        else:
            os.waitpid(waiting.process, 0)
            spoiled += 1
        os.close(waiting.handle)
        os.close(waiting.go)
    # The supervisors have said why.
    os._exit(1)


def start(requests: socket.socket, own_processes: int) -> Supervisor:
    """Starts a supervisor for the next job."""
    listens, go = os.pipe()
    kernel.unshare(kernel.PROCESSES)
    child = os.fork()
    if child == 0:
        os.close(go)
        supervised(requests, listens)
    kernel.enter(own_processes, kernel.PROCESSES)
    os.close(listens)
    return Supervisor(child, os.pidfd_open(child), go)


def supervised(requests: socket.socket, go: int) -> NoReturn:
    """The life of a supervisor; what fails before there is a job is no job's failure."""
    try:
        place = supervisor.prepare(requests)
        waits = supervisor.idle(place, go, frames)
    except BaseException as error:
        os.write(2, f"{error!r}\n".encode())
        os._exit(1)
    try:
        supervisor.serve(place, waits, requests, frames)
        os._exit(0)
    except BaseException as error:
        frames.one(b"f", repr(error).encode()[:2000])
        os._exit(1)


def job_comes(waiting: Supervisor, interpreter_handle: int) -> bool:
    """Waits for a job; False when the supervisor that waits too has ended before."""
    poll = select.poll()
    for descriptor in (CONTROL, waiting.handle, interpreter_handle):
        poll.register(descriptor, select.POLLIN)
    happened = [descriptor for descriptor, _ in poll.poll()]
    if interpreter_handle in happened:
        raise SystemExit(BEREFT)
    if waiting.handle in happened:
        return False
    if read_exactly(CONTROL, 1) != b"J":
        raise SystemExit("something else than a request has come")
    return True


def watch(running: Supervisor, interpreter_handle: int) -> None:
    """Waits for a supervisor, or ends it, and with it everything in its namespace, when told to."""
    poll = select.poll()
    for descriptor in (running.handle, interpreter_handle, STOP):
        poll.register(descriptor, select.POLLIN)
    killed = False
    while True:
        happened = [descriptor for descriptor, _ in poll.poll()]
        if running.handle in happened:
            break
        if interpreter_handle in happened:
            # The job's process has this one as its parent now: its namespace would not end by itself.
            raise SystemExit(BEREFT)
        if not os.read(STOP, 1):
            os._exit(0)
        killed = True
        signal.pidfd_send_signal(running.handle, signal.SIGKILL)
        poll.unregister(STOP)
    _, status = os.waitpid(running.process, 0)
    # A word to stop that came too late is for this job still.
    while not killed and select.select([STOP], [], [], 0)[0]:
        killed = True
        os.read(STOP, 1)
    frames.one(b"d", b"%d" % os.waitstatus_to_exitcode(status))


main()
