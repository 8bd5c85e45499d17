"""What a check is and what it returns."""

from __future__ import annotations

import importlib
import math
import pkgutil
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from smith_checks.package import Package

Severity = Literal["fatal", "major", "minor"]
Blame = Literal["refactor", "designer", "brainstormer"]


@dataclass(frozen=True)
class Check:
    """Facts of a check. Its id names the defect it finds."""

    id: str
    title: str
    severity: Severity
    blame: Blame
    why: str
    threshold: str = ""
    # Where the threshold comes from: derived from what, or a judgement.
    origin: str = ""
    # What stands on a stage is measured only where no check of that stage found something fatal.
    stage: Literal["foundation", "structure", "content"] = "content"


@dataclass(frozen=True)
class Finding:
    """One defect: what to change, and what was measured."""

    message: str
    evidence: str
    severity: Severity | None = None
    blame: Blame | None = None
    repair: dict[str, Any] | None = None


@dataclass
class Outcome:
    """Measurements of one check and what is wrong; `skipped` says why the check does not apply."""

    measured: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    skipped: str | None = None


@dataclass(frozen=True)
class LoadedCheck:
    """A check with its measuring function."""

    facts: Check
    run: Callable[[Package], Outcome]


def passed(**measured: Any) -> Outcome:
    """An outcome without findings."""
    return Outcome(measured=measured)


def skip(reason: str) -> Outcome:
    """The check does not apply to this package."""
    return Outcome(skipped=reason)


def drop(*columns: str) -> dict[str, Any]:
    """The repair that withholds these features."""
    return {"kind": "drop_features", "columns": list(columns)}


def load_checks(package: ModuleType) -> list[LoadedCheck]:
    """Every module of a package that has a CHECK, in order of name."""
    found = []
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda entry: entry.name):
        loaded = importlib.import_module(f"{package.__name__}.{module.name}")
        found.append(LoadedCheck(loaded.CHECK, loaded.run))
    return found


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def clip(text: str, length: int = 600) -> str:
    """Text of bounded length without control characters: it may come from hostile data."""
    clean = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
    return clean if len(clean) <= length else clean[: length - 1] + "…"


def plain(value: Any, depth: int = 0) -> Any:
    """A JSON value: numbers rounded to six digits, texts clipped, lists bounded."""
    if isinstance(value, dict) and depth < 4:
        return {clip(str(key), 200): plain(inner, depth + 1) for key, inner in list(value.items())[:60]}
    if isinstance(value, list | tuple | set | np.ndarray) and depth < 4:
        return [plain(inner, depth + 1) for inner in list(value)[:60]]
    if value is None or isinstance(value, bool | np.bool_):
        return None if value is None else bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(f"{float(value):.6g}") if math.isfinite(value) else str(value)
    return clip(str(value), 200)


def record(check: LoadedCheck, outcome: Outcome) -> dict[str, Any]:
    """The outcome in the shape of the schema CheckRecord."""
    facts = check.facts
    if outcome.skipped is not None:
        verdict, measured = "not_applicable", {"reason": outcome.skipped}
    else:
        verdict, measured = ("defect" if outcome.findings else "pass"), outcome.measured
    return {
        "check": facts.id,
        "layer": "assertions",
        "verdict": verdict,
        "measured": plain(measured),
        "defects": [
            {
                "check": facts.id,
                "layer": "assertions",
                "severity": finding.severity or facts.severity,
                "blame": finding.blame or facts.blame,
                "message": clip(finding.message),
                "evidence": clip(finding.evidence, 1200),
                "repair": finding.repair,
            }
            for finding in outcome.findings[:12]
        ],
    }
