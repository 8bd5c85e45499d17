"""Runs a job's program in this process as a fresh `python` would, and ends the process."""

from __future__ import annotations

import atexit
import builtins
import gc
import importlib
import os
import runpy
import sys
import threading
import types
from typing import Any

# Those without an effect here, or with one that is followed.
FLAGS = {"-B", "-P", "-S", "-s"}


def prepare(environment: dict[str, str], own_modules: tuple[str, ...]) -> None:
    """What can be done before the job is known: this process looks like a fresh interpreter."""
    # Libraries add to it when they are imported.
    for name in os.environ.keys() - environment.keys():
        del os.environ[name]
    os.environ.update(environment)
    forget(own_modules)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


def run(arguments: list[str]) -> None:
    """Never returns."""
    rest = list(arguments)
    flags = set()
    while rest and rest[0] in FLAGS:
        flags.add(rest.pop(0))
    if not rest or (rest[0].startswith("-") and (rest[0] not in ("-c", "-m") or len(rest) < 2)):
        # Ways to start Python that a running one cannot follow.
        os.execv(sys.executable, [sys.executable, *arguments])
    last = next(reversed(sys.modules))
    sys.orig_argv = [sys.executable, *arguments]
    main = types.ModuleType("__main__")
    main.__dict__["__builtins__"] = builtins
    sys.modules["__main__"] = main
    code = 1
    try:
        execute(rest, main, "-P" not in flags)
        code = 0
    except SystemExit as stop:
        code = exit_code(stop)
    except KeyboardInterrupt:
        code = 130
        report()
    except BaseException:
        report()
    finish(main, last, code)


def forget(own_modules: tuple[str, ...]) -> None:
    for name in own_modules:
        sys.modules.pop(name, None)
    # The folders of the job's code were not there before.
    sys.path[:] = ["/job/code", "/runtime", *(path for path in sys.path if path not in ("/job/code", "/runtime", "/opt/ready", "/opt"))]
    for path in [*sys.path[:2], *(path for path, finder in sys.path_importer_cache.items() if finder is None)]:
        sys.path_importer_cache.pop(path, None)
    sys.path_importer_cache.pop("/opt/ready", None)


def execute(rest: list[str], main: types.ModuleType, unsafe_path: bool) -> None:
    kind, *after = rest
    if kind == "-c":
        sys.argv[:] = ["-c", *after[1:]]
        if unsafe_path:
            sys.path.insert(0, "")
        exec(compile(after[0] + "\n", "<string>", "exec", dont_inherit=True), main.__dict__)
    elif kind == "-m":
        sys.argv[:] = ["-m", *after[1:]]
        if unsafe_path:
            sys.path.insert(0, os.getcwd())
        runpy._run_module_as_main(after[0])
    else:
        sys.argv[:] = rest
        if unsafe_path:
            sys.path.insert(0, os.path.dirname(os.path.abspath(kind)))
        main.__dict__["__file__"] = kind
        try:
            with open(kind, "rb") as file:
                source = file.read()
        except OSError as error:
            print(f"{sys.executable}: can't open file {os.path.abspath(kind)!r}: [Errno {error.errno}] {error.strerror}", file=sys.stderr)
            raise SystemExit(2) from None
        exec(compile(source, kind, "exec", dont_inherit=True), main.__dict__)


def exit_code(stop: SystemExit) -> int:
    if stop.code is None:
        return 0
    if isinstance(stop.code, int):
        return stop.code & 0xFF
    print(stop.code, file=sys.stderr)
    return 1


def report() -> None:
    """The traceback, from the program's first line on."""
    kind, error, trace = sys.exc_info()
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    if kind is None or error is None:
        return
    error.__traceback__ = trace
    try:
        sys.excepthook(kind, error, trace)
    except BaseException:
        pass


def finish(main: types.ModuleType, last: str, code: int) -> None:
    """What the end of an interpreter does that others can see, without taking the libraries apart.

    `last` names the module that was imported last before the program: what comes before is not touched, as each
    page that is touched is copied.
    """
    for step in (threading._shutdown, atexit._run_exitfuncs):
        try:
            step()
        except BaseException:
            sys.excepthook(*sys.exc_info())
    # Files that the program left open are written when nothing refers to them any more.
    mine: list[Any] = [main]
    for name in reversed(sys.modules):
        if name == last:
            break
        module = sys.modules[name]
        # Not another name of a module that was there before.
        if isinstance(module, types.ModuleType) and vars(module).get("__name__") == name:
            mine.append(module)
    try:
        for module in mine:
            for name in list(vars(module)):
                if name != "__builtins__":
                    vars(module)[name] = None
        gc.collect()
    except BaseException:
        pass
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:
            code = code or 120
    os._exit(code)
