"""Sources that are no Python."""

from __future__ import annotations

from smith_checks.check import Check, Finding, Outcome
from smith_checks.package import Package
from smith_checks.syntax import sources_of

CHECK = Check(
    id="source-unparsable",
    title="prepare.py or metric.py does not parse",
    severity="fatal",
    blame="refactor",
    why="What does not parse cannot be run by anybody.",
    stage="foundation",
)


def run(package: Package) -> Outcome:
    sources = sources_of(package)
    broken = [source for source in sources if source.tree is None]
    return Outcome(
        measured={source.name: source.tree is not None for source in sources},
        findings=[Finding(f"Correct the syntax of {source.name}.", source.error or "") for source in broken],
    )
