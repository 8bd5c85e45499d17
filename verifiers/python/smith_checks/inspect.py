"""Measures every check of data and sources in one process, and writes the submissions of the metric checks.

Reads /job/input.json {manifest, sources, modified, only?, skip?, submissions} with /job/public, /job/private and perhaps
/job/raw; writes /out/result.json {records, crashed, submissions, seconds}, and to /out/scored the submissions and the answers that
they are scored against.
"""

from __future__ import annotations

import json
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from smith_checks import data, source
from smith_checks.check import LoadedCheck, Outcome, clip, load_checks, record
from smith_checks.package import Package
from smith_checks.submissions.write import write_submissions

STAGES = ("foundation", "structure", "content")


def inspect(package: Package, chosen: list[LoadedCheck]) -> tuple[list[dict[str, Any]], list[dict[str, str]], dict[str, float], bool]:
    """Records of the chosen checks, checks of ours that crashed, seconds by check, and whether the structure is broken."""
    records, crashed, seconds = [], [], {}
    broken: dict[str, int] = {}
    for check in sorted(chosen, key=lambda entry: STAGES.index(entry.facts.stage)):
        started = time.perf_counter()
        stage = STAGES.index(check.facts.stage)
        before = [name for name, found in broken.items() if found < stage]
        if before:
            outcome = Outcome(skipped=f"not measured: {', '.join(before)} comes first")
        else:
            try:
                outcome = check.run(package)
            except Exception:  # a check of ours failed: never a verdict on the task
                if not broken:
                    crashed.append({"check": check.facts.id, "error": clip(traceback.format_exc(), 3000)})
                outcome = Outcome(skipped="not measured: the check could not read the package")
        entry = record(check, outcome)
        records.append(entry)
        seconds[check.facts.id] = round(time.perf_counter() - started, 4)
        if check.facts.stage != "content" and any(item["severity"] == "fatal" for item in entry["defects"]):
            broken[check.facts.id] = stage
    return records, crashed, seconds, bool(broken)


def main(job: Path = Path("/job"), out: Path = Path("/out")) -> None:
    request = json.loads((job / "input.json").read_text("utf-8"))
    raw = job / "raw"
    package = Package(
        request["manifest"],
        job / "public",
        job / "private",
        raw if raw.is_dir() else None,
        request["sources"],
        request["modified"],
    )
    only, without = request.get("only"), set(request.get("skip") or [])
    checks = [check for check in load_checks(source) + load_checks(data) if check.facts.id not in without]
    if only is not None:
        # Structure is always measured: the other checks stand on it.
        checks = [check for check in checks if check.facts.id in only or check.facts.stage != "content"]
    records, crashed, seconds, broken = inspect(package, checks)
    submissions: list[dict[str, Any]] = []
    if request.get("submissions", True) and not broken and not crashed:
        started = time.perf_counter()
        submissions = write_submissions(package, out / "scored" / "submissions")
        seconds["submissions"] = round(time.perf_counter() - started, 4)
    result = {"records": records, "crashed": crashed, "submissions": submissions, "seconds": seconds}
    (out / "result.json").write_text(json.dumps(result), "utf-8")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:]))
