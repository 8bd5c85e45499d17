"""The survey program: `python -m smith_dataset.survey` in a job with `/job/input.json` and `/job/raw`."""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

from .text import NAME_LIMIT, clip, finite, printable

MINIMUM_ROWS = 80
DOCUMENTATION_LIMIT = 20_000


def survey(raw: Path, name: str, fingerprint: str) -> dict[str, Any]:
    """`Survey` of the schema for a folder of raw data."""
    from .discover import discover

    found = discover(raw)
    documentation = _bounded_documents(found["documentation"])
    views: list[dict[str, Any]] = []
    aside = list(found["setAside"])
    if found["views"]:
        views, broken = _profile_views(raw, found)
        aside += broken
    refusal = found["refusal"] or (_refusal(views) if views else None)
    if refusal is None and not views:
        refusal = {
            "reason": "No table of this dataset could be read." if not aside else f"No table could be read: {clip(aside[0]['why'], 200)}",
            "help": "Hand over a table (CSV, Parquet, JSON, Excel, SQLite) or a folder of labelled files.",
        }
    return {
        "version": 1,
        "dataset": {"name": clip(name, NAME_LIMIT), "title": clip(_title(found, name), NAME_LIMIT), "fingerprint": fingerprint},
        "files": {**found["files"], "examples": [clip(path, 300) for path in found["files"]["examples"][:40]]},
        "documentation": documentation,
        "licence": found["licence"],
        "source": None if found["source"] is None else clip(found["source"], 500),
        "views": views,
        "setAside": [{"path": clip(item["path"], 300), "why": clip(item["why"], 300)} for item in aside[:50]],
        "refusal": None if refusal is None else {"reason": clip(refusal["reason"], 500), "help": clip(refusal["help"], 500)},
    }


def _profile_views(raw: Path, found: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    from .codebook import read_codebook
    from .profile import profile_view
    from .view import load_view

    book = read_codebook(found["documentation"])
    views, broken = [], []
    for candidate in found["views"]:
        try:
            frame = load_view(raw, candidate["view"])
        except (ValueError, KeyError, OSError, UnicodeError) as problem:
            broken.append({"path": candidate["view"]["id"], "why": f"could not be read: {clip(problem, 200)}"})
            continue
        try:
            views.append(profile_view(raw, candidate, frame, book))
        except Exception as problem:  # noqa: BLE001 - one odd table must not take the others with it
            traceback.print_exc()
            broken.append({"path": candidate["view"]["id"], "why": f"could not be measured: {type(problem).__name__}: {clip(problem, 200)}"})
    return views, broken


def _title(found: dict[str, Any], name: str) -> str:
    if found.get("title"):
        return str(found["title"])
    from .codebook import title_of

    return title_of(found["documentation"]) or name


def _bounded_documents(documents: list[dict[str, str]]) -> list[dict[str, str]]:
    """At most `DOCUMENTATION_LIMIT` characters in all, line breaks kept, nothing hidden."""
    left = DOCUMENTATION_LIMIT
    result = []
    for document in documents:
        if left <= 0:
            break
        lines = [_line(line) for line in document["text"][: 2 * left].splitlines()]
        text = "\n".join(lines)[:left]
        left -= len(text)
        result.append({"path": clip(document["path"], 300), "text": text})
    return result


def _line(line: str) -> str:
    indent = len(line) - len(line.lstrip(" "))
    return " " * min(indent, 12) + printable(line) if line.strip() else ""


def _refusal(views: list[dict[str, Any]]) -> dict[str, str] | None:
    """Why no view can carry a task; None when at least one might."""
    reasons = [_view_refusal(view) for view in views]
    if any(reason is None for reason in reasons):
        return None
    return reasons[0]


def _view_refusal(view: dict[str, Any]) -> dict[str, str] | None:
    rows = view["rows"]
    varying = [column for column in view["columns"] if column["type"] not in ("constant", "empty")]
    if rows == 0:
        return {"reason": "The table has no rows.", "help": f"Hand over at least {MINIMUM_ROWS} rows, better some hundreds."}
    if rows < MINIMUM_ROWS:
        return {
            "reason": f"{rows} rows: no credible hidden test. At least 40 test rows are needed, which are at most half of the data.",
            "help": f"Hand over at least {MINIMUM_ROWS} rows, better some hundreds.",
        }
    if not varying:
        return {"reason": "Every column is constant or empty: there is nothing to predict.", "help": "Hand over a table with at least two columns whose values vary."}
    telling = [
        column
        for column in varying
        if "row_number" not in column["flags"] and not {"unique", "identifier"} <= set(column["flags"])
    ]
    if not telling and view["view"]["media"] is None:
        return {"reason": "Nothing but identifiers and row numbers: there is nothing to predict.", "help": "Hand over a table with measured columns."}
    if len(telling) < 2 and view["view"]["media"] is None and not view["time"]:
        only = clip(telling[0]["name"], 60) if telling else ""
        return {"reason": f"Only one column ({only}) tells anything: there is nothing to predict it from.", "help": "Hand over a table with at least two columns whose values vary."}
    return None


def plain(value: Any) -> Any:
    """JSON without NaN or infinity."""
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, float):
        return finite(value)
    if hasattr(value, "item"):
        return plain(value.item())
    return value


def main() -> None:
    job = Path(os.environ.get("SMITH_JOB", "/job"))
    out = Path(os.environ.get("SMITH_OUT", "/out"))
    given = json.loads((job / "input.json").read_text())
    dataset = given["dataset"]
    result = survey(job / "raw", dataset["name"], dataset["fingerprint"])
    (out / "result.json").write_text(json.dumps(plain(result), ensure_ascii=False, allow_nan=False))


if __name__ == "__main__":
    sys.exit(main())
