"""Sources that reach out."""

from __future__ import annotations

import ast

from smith_checks.check import Check, Finding, Outcome
from smith_checks.package import Package
from smith_checks.syntax import calls_of, modules_of, sources_of

CHECK = Check(
    id="source-uses-network",
    title="prepare.py or metric.py uses the network or starts programs",
    severity="fatal",
    blame="refactor",
    why="A task must be built and graded where there is no network, and must not start what was not looked at.",
)

FORBIDDEN = {
    "socket", "ssl", "urllib", "urllib3", "http", "ftplib", "smtplib", "telnetlib", "requests", "httpx", "aiohttp", "websocket",
    "websockets", "paramiko", "boto3", "wget", "gdown", "kaggle", "huggingface_hub", "datasets", "openml", "subprocess",
    "multiprocessing", "ctypes", "pty", "pickle", "joblib", "dill", "cloudpickle", "marshal", "shelve",
}  # fmt: skip

# What imports or runs whatever it is given.
BY_NAME = {"__import__", "importlib.import_module", "importlib.__import__", "eval", "exec", "builtins.eval", "builtins.exec"}


def run(package: Package) -> Outcome:
    outcome = Outcome(measured={})
    for source in sources_of(package):
        if source.tree is None:
            continue
        used = sorted({(module, line) for module, line in modules_of(source.tree) if module.split(".")[0] in FORBIDDEN})
        outcome.measured[source.name] = [module for module, _ in used]
        outcome.findings += [
            Finding(f"Take the import of {module} out of {source.name}.", f"{source.name}, line {line}: imports {module}")
            for module, line in used
        ]
        outcome.findings += [
            Finding(f"Import by name in {source.name}: what is put together cannot be looked at.", f"{source.name}, line {call.lineno}: {name}(…)")
            for name, call in calls_of(source.tree)
            if name in BY_NAME and not (call.args and isinstance(call.args[0], ast.Constant))
        ]
    return outcome
