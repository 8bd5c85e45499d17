"""A prepare.py without the function that every platform calls."""

from __future__ import annotations

import ast

from smith_checks.check import Check, Finding, Outcome
from smith_checks.package import Package
from smith_checks.syntax import parse

CHECK = Check(
    id="prepare-signature-wrong",
    title="prepare.py does not define prepare(raw, public, private)",
    severity="fatal",
    blame="refactor",
    why="MLE-Dojo issue 4: an empty prepare.py was published; nobody could build the competition.",
    stage="structure",
)


def run(package: Package) -> Outcome:
    source = parse("prepare.py", package.sources.get("prepare", ""))
    if source.tree is None:
        return Outcome(skipped="it does not parse")
    functions = [node for node in source.tree.body if isinstance(node, ast.FunctionDef) and node.name == "prepare"]
    if len(functions) != 1:
        return Outcome(findings=[Finding("Define exactly one function prepare(raw, public, private).", f"found {len(functions)}")])
    function = functions[0]
    names = [argument.arg for argument in [*function.args.posonlyargs, *function.args.args]]
    outcome = Outcome(measured={"arguments": names})
    extra = len(names) - len(function.args.defaults) > 3 or any(default is None for default in function.args.kw_defaults)
    if names[:3] != ["raw", "public", "private"] or extra:
        outcome.findings.append(Finding("prepare must take (raw, public, private).", f"it takes ({', '.join(names)})"))
    body = [node for node in function.body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))]
    if all(isinstance(node, ast.Pass | ast.Raise) for node in body):
        outcome.findings.append(Finding("prepare must write the package's data.", "its body is empty"))
    return outcome
