"""Sources that know one machine."""

from __future__ import annotations

import ast
import re

from smith_checks.check import Check, Finding, Outcome
from smith_checks.package import Package
from smith_checks.syntax import calls_of, docstrings_of, nodes_of, sources_of

CHECK = Check(
    id="source-has-absolute-path",
    title="prepare.py or metric.py names an absolute path or leaves its folders",
    severity="fatal",
    blame="refactor",
    why="A path of the author's machine is absent everywhere else, or worse, is there and holds something different.",
)

_PATH = re.compile(r"^(/(home|root|tmp|var|usr|etc|mnt|data|kaggle|content|workspace|work|opt|srv|Users|proc|dev|job|out|raw|private|public)(/|$)|[A-Za-z]:\\|~/|\.\./)")
_LEAVING = {"pathlib.Path.home", "os.path.expanduser", "os.getcwd", "pathlib.Path.cwd", "os.chdir", "tempfile.gettempdir"}


def run(package: Package) -> Outcome:
    outcome = Outcome(measured={})
    for source in sources_of(package):
        if source.tree is None:
            continue
        documentation = docstrings_of(source.tree)
        found = [
            (node.value, node.lineno)
            for node in nodes_of(source.tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation and _PATH.match(node.value)
        ]
        found += [(name, call.lineno) for name, call in calls_of(source.tree) if name in _LEAVING]
        if any(isinstance(node, ast.Name) and node.id == "__file__" for node in nodes_of(source.tree)):
            found.append(("__file__", 0))
        outcome.measured[source.name] = len(found)
        outcome.findings += [
            Finding(f"Use the folders that {source.name} is given.", f"{source.name}, line {line}: {text!r}") for text, line in found[:5]
        ]
    return outcome
