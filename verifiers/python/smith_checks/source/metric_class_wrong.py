"""A metric.py whose class the loader would not find, or not build."""

from __future__ import annotations

import ast

from smith_checks.check import Check, Finding, Outcome
from smith_checks.package import Package
from smith_checks.syntax import calls_of, dotted, imported_names, nodes_of, parse

CHECK = Check(
    id="metric-class-wrong",
    title="metric.py does not define one usable subclass of CompetitionMetrics",
    severity="fatal",
    blame="refactor",
    why="The loader takes the alphabetically first subclass and builds it without arguments.",
    stage="structure",
)

METHODS = {"evaluate": ["self", "y_true", "y_pred"], "validate_submission": ["self", "submission", "ground_truth"]}


def run(package: Package) -> Outcome:
    source = parse("metric.py", package.sources.get("metric", ""))
    if source.tree is None:
        return Outcome(skipped="it does not parse")
    names = imported_names(source.tree)
    classes = [
        node
        for node in nodes_of(source.tree)
        if isinstance(node, ast.ClassDef) and any(dotted(base, names).split(".")[-1] == "CompetitionMetrics" for base in node.bases)
    ]
    if len(classes) != 1:
        shown = ", ".join(node.name for node in classes[:5]) or "none"
        return Outcome(findings=[Finding("Define exactly one subclass of CompetitionMetrics.", f"subclasses: {shown}")])
    outcome = Outcome(measured={"class": classes[0].name})
    methods = {node.name: node for node in classes[0].body if isinstance(node, ast.FunctionDef)}
    for name, wanted in METHODS.items():
        if name not in methods:
            outcome.findings.append(Finding(f"Define {name}({', '.join(wanted)}).", f"the class {classes[0].name} lacks it"))
            continue
        taken = [argument.arg for argument in methods[name].args.args]
        if len(taken) - len(methods[name].args.defaults) > 3 or len(taken) < 3:
            outcome.findings.append(Finding(f"{name} must take ({', '.join(wanted)}).", f"it takes ({', '.join(taken)})"))
        elif taken[1:3] == wanted[:0:-1]:
            outcome.findings.append(
                Finding(f"{name} must take ({', '.join(wanted)}): its arguments are swapped.", f"it takes ({', '.join(taken)})")
            )
    build = methods.get("__init__")
    if build is not None and len(build.args.args) - 1 > len(build.args.defaults):
        outcome.findings.append(Finding("The class must be buildable without arguments.", "__init__ has arguments without defaults"))
    raised = any(
        isinstance(node, ast.Raise) and node.exc is not None and "InvalidSubmissionError" in ast.dump(node.exc)
        for node in nodes_of(source.tree)
    )
    if not raised and not any(name.endswith("InvalidSubmissionError") for name, _ in calls_of(source.tree)):
        outcome.findings.append(
            Finding(
                "validate_submission must raise InvalidSubmissionError: what it returns is ignored.",
                "metric.py never raises InvalidSubmissionError",
            )
        )
    return outcome
