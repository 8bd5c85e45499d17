"""Sources that change the libraries they import."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from smith_checks.check import Check, Finding, Outcome
from smith_checks.package import Package
from smith_checks.syntax import dotted, imported_names, nodes_of, sources_of

CHECK = Check(
    id="source-patches-library",
    title="prepare.py or metric.py replaces parts of the libraries that it imports",
    severity="fatal",
    blame="refactor",
    why="A metric that replaces what others compare, sort or draw with decides more than its score.",
)

# Options that are there to be set.
_ALLOWED = ("pandas.options.",)


def run(package: Package) -> Outcome:
    outcome = Outcome(measured={})
    for source in sources_of(package):
        if source.tree is None:
            continue
        found = sorted(set(_patches(source.tree)))
        outcome.measured[source.name] = [name for name, _ in found]
        outcome.findings += [
            Finding(f"Leave {name} as it is in {source.name}.", f"{source.name}, line {line}: {name} is replaced") for name, line in found[:6]
        ]
    return outcome


def _patches(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Attributes of imported names that are assigned, deleted or set, with their lines."""
    names = imported_names(tree)
    for node in nodes_of(tree):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign | ast.Delete):
            targets = [part for target in node.targets for part in (target.elts if isinstance(target, ast.Tuple | ast.List) else [target])]
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        elif isinstance(node, ast.Call) and dotted(node.func, names) in {"setattr", "delattr", "builtins.setattr", "object.__setattr__"} and node.args:
            targets = [ast.Attribute(node.args[0], "…", ast.Store())] if _root(node.args[0]) in names else []
        for target in targets:
            if isinstance(target, ast.Attribute) and _root(target) in names:
                full = dotted(target, names)
                if not full.startswith(_ALLOWED):
                    yield full, node.lineno


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
