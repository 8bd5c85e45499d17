"""Starts one job inside the sandbox, ends what it leaves behind, and sends what lies in /out as a tar.

Started as `python -I -S supervise.py SPECIFICATION PROGRAM ARGUMENT...`, where SPECIFICATION is
`key=value` pairs joined by commas. Writes lines to CONTROL: `started`, then `memory` when the job used more than
it may, `ended CODE MAXRSS_KB`, and, after the tar has gone to OUTPUTS, `sent`. Only built-in modules are imported: each costs milliseconds, in every job.
"""

import _signal
import errno
import posix
import sys
import time

import resource

CONTROL = 4
OUTPUTS = 5
BLOCK = 512
CHUNK = 1 << 18
DEEPEST = 32
REGULAR, FOLDER, KIND = 0o100000, 0o040000, 0o170000
SIGKILL, SIGCHLD = 9, 17
Send = "Callable[[bytes], None]"  # Of collections.abc, which is not imported.


def write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[posix.write(descriptor, view) :]


def limit(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(kind, (value, value))


def run_child(program: list[str], limits: dict[str, int]) -> int:
    """Replaces the forked child by the program; returns only when that fails."""
    try:
        posix.setsid()
        limit(resource.RLIMIT_CORE, 0)
        limit(resource.RLIMIT_NOFILE, 4096)
        limit(resource.RLIMIT_FSIZE, limits["file_bytes"])
        if limits.get("processes"):
            limit(resource.RLIMIT_NPROC, limits["processes"])
        if limits.get("address_bytes"):
            limit(resource.RLIMIT_AS, limits["address_bytes"])
        posix.closerange(3, OUTPUTS + 2)
        _signal.pthread_sigmask(_signal.SIG_UNBLOCK, {SIGCHLD})
        posix.execve(program[0], program, posix.environ)
    except OSError as error:
        write_all(2, f"The program could not be started: {error}\n".encode())
    return 127


def wait_for(child: int, most_resident: int | None) -> tuple[int, int, bool]:
    """Exit code (128 + signal when killed by one), highest resident memory in KiB, and whether it was too much.

    Where a cgroup bounds the memory there is nothing to do but wait; elsewhere the processes are measured
    twenty times a second.
    """
    too_much = False
    if most_resident is not None:
        while not posix.waitid(posix.P_PID, child, posix.WEXITED | posix.WNOHANG | posix.WNOWAIT):
            if not too_much and resident_bytes() > most_resident:
                too_much = True
                kill_others()
            _signal.sigtimedwait({SIGCHLD}, 0.05)
    _, status, usage = posix.wait4(child, 0)
    code = posix.waitstatus_to_exitcode(status)
    return (128 - code if code < 0 else code), usage.ru_maxrss, too_much


def resident_bytes() -> int:
    """Memory of all other processes here; what several share is shared out among them."""
    total = 0
    for name in posix.listdir("/proc"):
        if not name.isdigit() or int(name) in (1, posix.getpid()):
            continue
        try:
            with open(f"/proc/{name}/smaps_rollup", "rb") as rollup:
                for line in rollup:
                    if line.startswith(b"Pss_Anon:"):
                        total += int(line.split()[1]) * 1024
                        break
        except OSError:
            pass  # It has ended.
    return total


def kill_others() -> bool:
    """Kills every other process in this namespace; False when there is none."""
    try:
        posix.kill(-1, SIGKILL)
    except OSError as error:
        return error.errno != errno.ESRCH
    return True


def end_leftovers() -> None:
    """Kills every other process in this namespace, and waits until they are gone."""
    for attempt in range(2000):
        if not kill_others():
            return
        try:
            while posix.waitpid(-1, posix.WNOHANG)[0] > 0:
                pass
        except ChildProcessError:
            pass
        time.sleep(0.001 if attempt < 50 else 0.01)


def header(name: bytes, size: int, kind: bytes) -> bytes:
    """A ustar header; a name that does not fit is sent before it in GNU's way."""
    if len(name) > 100:
        data = name + b"\0"
        padding = b"\0" * (-len(data) % BLOCK)
        return header(b"././@LongLink", len(data), b"L") + data + padding + header(name[:100], size, kind)
    # Sizes from 8 GiB on do not fit in octal digits: base 256, marked by the first bit.
    octal = b"%011o\0" % size if size < 1 << 33 else b"\x80" + size.to_bytes(11, "big")
    block = bytearray(BLOCK)
    block[0 : len(name)] = name
    block[100:124] = b"0000644\0" + b"0000000\0" + b"0000000\0"
    block[124:136] = octal
    block[136:148] = b"%011o\0" % 0
    block[148:156] = b" " * 8
    block[156:157] = kind
    block[257:265] = b"ustar\x0000"
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def send_file(folder: int, entry: bytes, name: bytes, send: Send) -> None:
    """Sends one regular file; the size that the header promises is kept even if the file differs."""
    descriptor = posix.open(entry, posix.O_RDONLY | posix.O_NOFOLLOW | posix.O_NONBLOCK, dir_fd=folder)
    try:
        size = posix.fstat(descriptor).st_size
        send(header(name, size, b"0"))
        left = size
        while left:
            data = posix.read(descriptor, min(left, CHUNK)) or b"\0" * min(left, CHUNK)
            send(data)
            left -= len(data)
        send(b"\0" * (-size % BLOCK))
    finally:
        posix.close(descriptor)


def send_folder(folder: int, prefix: bytes, send: Send, depth: int = 0) -> int:
    """Sends a folder's regular files, never following a link; returns how many entries were left out."""
    left_out = 0
    for text in sorted(posix.listdir(folder)):
        entry = text.encode(errors="surrogateescape")
        name = prefix + entry
        kind = posix.stat(entry, dir_fd=folder, follow_symlinks=False).st_mode & KIND
        if kind == REGULAR:
            posix.chmod(entry, 0o600, dir_fd=folder)
            send_file(folder, entry, name, send)
        elif kind == FOLDER and depth < DEEPEST:
            posix.chmod(entry, 0o700, dir_fd=folder)
            flags = posix.O_RDONLY | posix.O_NOFOLLOW | posix.O_DIRECTORY
            inner = posix.open(entry, flags, dir_fd=folder)
            try:
                left_out += send_folder(inner, name + b"/", send, depth + 1)
            finally:
                posix.close(inner)
        else:
            left_out += 1
    return left_out


def left_out_note(count: int) -> bytes:
    return f"[sandbox] {count} links, special files or too deep folders under /out were left out\n".encode()


def main() -> int:
    limits = {key: int(value) for key, value in (pair.split("=") for pair in sys.argv[1].split(","))}
    # What the process that started us happened to have open is nothing for the program, nor for its /proc.
    posix.closerange(OUTPUTS + 1, 1 << 20)
    out = posix.open("/out", posix.O_RDONLY | posix.O_DIRECTORY)
    write_all(CONTROL, b"started\n")
    # Waited for by name, so that none is missed between a look and the wait.
    _signal.pthread_sigmask(_signal.SIG_BLOCK, {SIGCHLD})
    child = posix.fork()
    if child == 0:
        posix._exit(run_child(sys.argv[2:], limits))
    code, memory, too_much = wait_for(child, limits.get("resident_bytes"))
    end_leftovers()
    if too_much and code != 0:
        write_all(CONTROL, b"memory\n")
    write_all(CONTROL, b"ended %d %d\n" % (code, memory))
    left_out = send_folder(out, b"", lambda data: write_all(OUTPUTS, data))
    write_all(OUTPUTS, b"\0" * (2 * BLOCK))
    if left_out:
        write_all(2, left_out_note(left_out))
    write_all(CONTROL, b"sent\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
