"""Reading Python sources without running them: resolved names of calls, string constants."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class Source:
    """One source file, parsed; `tree` is None when it does not parse."""

    name: str
    text: str
    tree: ast.Module | None
    error: str | None


@lru_cache(maxsize=4)
def parse(name: str, text: str) -> Source:
    """The source, parsed once for all checks."""
    try:
        return Source(name, text, ast.parse(text), None)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return Source(name, text, None, str(error))


def sources_of(package: object) -> list[Source]:
    """`prepare.py` and `metric.py` of a package."""
    texts: dict[str, str] = package.sources  # type: ignore[attr-defined]
    return [parse(f"{name}.py", texts.get(name, "")) for name in ("prepare", "metric")]


@lru_cache(maxsize=4)
def nodes_of(tree: ast.Module) -> tuple[ast.AST, ...]:
    """All nodes of a tree, as `ast.walk` gives them; walked once for all checks."""
    return tuple(ast.walk(tree))


@lru_cache(maxsize=4)
def imported_names(tree: ast.Module) -> Mapping[str, str]:
    """Local name to what it stands for: `np` to `numpy`, `rmtree` to `shutil.rmtree`."""
    names: dict[str, str] = {}
    for node in nodes_of(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name.split(".")[0]] = alias.name if alias.asname else alias.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def modules_of(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Every imported module with its line; `importlib.import_module("x")` and `__import__("x")` count."""
    names = imported_names(tree)
    for node in nodes_of(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", node.lineno
        elif isinstance(node, ast.Call) and dotted(node.func, names) in {"importlib.import_module", "__import__"}:
            if node.args and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value), node.lineno


def dotted(node: ast.expr, names: Mapping[str, str]) -> str:
    """The full name of what is called, as far as imports tell: `np.random.rand` to `numpy.random.rand`."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        parts.append(names.get(node.id, node.id))
    elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        # `__import__("time").time()` calls time.time.
        parts.append(str(node.args[0].value) if dotted(node.func, names) in {"__import__", "importlib.import_module"} else "")
    else:
        parts.append("")
    return ".".join(reversed(parts))


def calls_of(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Every call with its full name."""
    names = imported_names(tree)
    for node in nodes_of(tree):
        if isinstance(node, ast.Call):
            yield dotted(node.func, names), node


def docstrings_of(tree: ast.Module) -> set[int]:
    """Identities of constants that are docstrings."""
    found = set()
    for node in nodes_of(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                found.add(id(first.value))
    return found
