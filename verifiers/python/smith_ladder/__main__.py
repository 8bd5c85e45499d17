"""Solves one task from its public folder: `python -m smith_ladder`.

Reads /job/input.json {manifest} and /job/public; writes /out/predictions/<step>.csv and /out/result.json.
"""

from __future__ import annotations

import json
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from smith_ladder import trivial
from smith_ladder.probe import probe
from smith_ladder.problem import Problem
from smith_ladder.solvers import solver_of, solves_rows


def climb(problem: Problem, folder: Path) -> list[dict[str, Any]]:
    """Runs every step and writes its predictions; a step that fails says why and leaves no file."""
    folder.mkdir(parents=True, exist_ok=True)
    steps: list[tuple[str, Callable[[], tuple[pd.DataFrame, str]]]] = [
        ("constant", lambda: (trivial.constant(problem), "one constant value")),
        ("random", lambda: (trivial.chance(problem), "values drawn at random")),
    ]
    solver: list[Any] = []

    def lazily(name: str) -> tuple[pd.DataFrame, str]:
        if not solver:
            solver.append(solver_of(problem))
        return getattr(solver[0], name)()

    steps += [(name, lambda name=name: lazily(name)) for name in ("limited", "simple", "strong")]
    if problem.media is None and 2 <= len(problem.features) <= 200 and solves_rows(problem):
        steps.append(("single", lambda: lazily("single")))
    results = []
    for name, run in steps:
        started = time.perf_counter()
        entry: dict[str, Any] = {"step": name, "model": "", "file": None, "note": ""}
        try:
            frame, entry["model"] = run()
            frame.to_csv(folder / f"{name}.csv", index=False)
            entry["file"] = f"predictions/{name}.csv"
        except Exception as error:  # the checks judge what is missing
            entry["note"] = f"{type(error).__name__}: {error}; {traceback.format_exc(limit=-3)}"[:1900]
        entry["seconds"] = round(time.perf_counter() - started, 3)
        results.append(entry)
    return results


def main(job: Path = Path("/job"), out: Path = Path("/out")) -> None:
    started = time.perf_counter()
    problem = Problem(json.loads((job / "input.json").read_text("utf-8"))["manifest"], job / "public")
    steps = climb(problem, out / "predictions")
    result = {"steps": steps, "probe": probe(job), "seconds": round(time.perf_counter() - started, 3)}
    (out / "result.json").write_text(json.dumps(result), "utf-8")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:]))
