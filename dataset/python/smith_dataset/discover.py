"""What a folder of raw data holds: tables, files, documents; and the views that can be modelled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .sniff import NotATable
from .tables import delimited_table


def discover(raw: Path) -> dict[str, Any]:
    """First version: one view for each delimited table."""
    views, aside = [], []
    count = size = 0
    by_extension: dict[str, int] = {}
    examples = []
    for file in sorted(path for path in raw.rglob("*") if path.is_file()):
        path = file.relative_to(raw).as_posix()
        count += 1
        size += file.stat().st_size
        extension = file.suffix.lower()
        by_extension[extension] = by_extension.get(extension, 0) + 1
        examples.append(path)
        if not path.lower().endswith((".csv", ".tsv", ".csv.gz")):
            continue
        try:
            table = delimited_table(raw, path)
        except NotATable as problem:
            aside.append({"path": path, "why": str(problem)})
            continue
        views.append({
            "view": {"id": table.name, "recipes": {table.name: table.recipe}, "base": table.name, "joins": [], "media": None},
            "title": table.name, "rows": table.rows, "published": None, "notes": table.notes,
            "roles": {"labels": [], "query": None}, "modality": None,
        })
    refusal = None if views else {"reason": "No table was found.", "help": "Hand over a folder with CSV files."}
    return {
        "files": {"count": count, "bytes": size, "byExtension": by_extension, "examples": examples[:40]},
        "documentation": [], "licence": None, "source": None, "views": views[:8], "setAside": aside, "refusal": refusal,
    }
