"""The first process of a job's namespace, from before the job is known to its last output."""

from __future__ import annotations

import json
import os
import select
import socket
import struct
import time
from typing import Any, NamedTuple

import kernel
import room
import supervise
from frames import Frames, read_exactly


class Place(NamedTuple):
    """Where a job will run: descriptors of its folder of outputs, its streams, and how its process ended."""

    out: int
    streams: dict[int, bytes]
    told: int
    # To the process that waits for the job: it says when it does so, and is told what the job is.
    process: socket.socket


def prepare(requests: socket.socket) -> Place:
    """Makes a room and asks for a process in it."""
    kernel.show_arguments(["supervise.py"])
    namespaces = room.prepare()
    out = os.open("/out", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    (out_read, out_write), (err_read, err_write), (told_read, told_write) = (os.pipe() for _ in range(3))
    ours, theirs = socket.socketpair()
    handed = [*namespaces, out_write, err_write, theirs.detach(), told_write]
    socket.send_fds(requests, [b"j"], handed)
    for descriptor in handed:
        os.close(descriptor)
    return Place(out, {out_read: b"o", err_read: b"e"}, told_read, ours)


def idle(place: Place, go: int, frames: Frames) -> bool:
    """Waits for a byte on `go`: a job comes. Returns whether its process waits already; that it does is told at once."""
    waits = False
    process = place.process.fileno()
    poll = select.poll()
    for descriptor in (go, process, place.told):
        poll.register(descriptor, select.POLLIN)
    while True:
        happened = [descriptor for descriptor, _ in poll.poll()]
        if place.told in happened:
            raise RuntimeError("the process for the next job has ended")
        if process in happened:
            poll.unregister(process)
            waits = bool(place.process.recv(1))
            frames.one(b"w")
        if go in happened:
            os.read(go, 1)
            return waits


def serve(place: Place, waits: bool, requests: socket.socket, frames: Frames) -> None:
    """Runs the job whose request comes next, to its last output."""
    request: dict[str, Any] = json.loads(read_exactly(frames.descriptor, struct.unpack("<I", read_exactly(frames.descriptor, 4))[0]))
    room.furnish(request)
    if not waits:
        requests.send(b"g")
        if not place.process.recv(1):
            raise RuntimeError("the interpreter that was kept ready has ended")
    most_resident = request["resident_bytes"]
    if most_resident is not None:
        # What the process shares with the one that it was forked from is not the job's.
        most_resident += supervise.resident_bytes()
    # The job's time begins when all that it needs is there.
    frames.one(b"s")
    place.process.sendall(json.dumps(request["process"]).encode())
    place.process.close()
    ended, too_much = attend(place, most_resident, frames)
    if not ended:
        raise RuntimeError("the interpreter that was kept ready has ended")
    code, memory = ended.split()
    supervise.end_leftovers()
    frames.drain(place.streams)
    if too_much and code != b"0":
        frames.one(b"m")
    frames.one(b"x", code + b" " + memory)
    frames.outputs(place.out)
    frames.one(b"z")
    # What lies there is gone, and its memory free, before the next job comes.
    os.close(place.out)
    os.chdir("/")
    kernel.detach("/tmp")


def attend(place: Place, most_resident: int | None, frames: Frames) -> tuple[bytes, bool]:
    """Passes the job's streams on until its process has ended; returns what the interpreter tells of that."""
    poll = select.poll()
    for descriptor in (*place.streams, place.told):
        poll.register(descriptor, select.POLLIN)
    too_much = False
    looked = 0.0
    while True:
        for descriptor, _ in poll.poll(None if most_resident is None else 50):
            if descriptor == place.told:
                return os.read(place.told, 100), too_much
            data = os.read(descriptor, frames.largest)
            if data:
                frames.one(place.streams[descriptor], data)
            else:
                poll.unregister(descriptor)
        if most_resident is not None and not too_much and time.monotonic() - looked > 0.05:
            looked = time.monotonic()
            if supervise.resident_bytes() > most_resident:
                too_much = True
                supervise.kill_others()
