"""SQL over the views of the dataset."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
from smith_dataset.view import load_view

MOST_ROWS = 40
MOST_WIDTH = 80


def query_tables(raw: Path, asked: dict[str, Any]) -> str:
    """The first rows of a query's result, one line each, cells parted by ` | `."""
    connection = duckdb.connect(config={"threads": 1, "enable_external_access": False})
    views = asked["views"]
    named = {name: view for name, view in views.items() if name in asked["sql"]}
    for name, view in named.items():
        connection.register(name, load_view(raw, view).reset_index(drop=True))
    if not named:
        raise ValueError(f"the query names no view; there are: {', '.join(views)}")
    found = connection.execute(asked["sql"])
    columns = [entry[0] for entry in found.description or []]
    rows = found.fetchmany(MOST_ROWS + 1)
    lines = [" | ".join(_cell(name) for name in columns)]
    lines += [" | ".join(_cell(value) for value in row) for row in rows[:MOST_ROWS]]
    if len(rows) > MOST_ROWS:
        lines.append("… more rows (use LIMIT, GROUP BY or count(*))")
    return "\n".join(lines)


def _cell(value: object) -> str:
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= MOST_WIDTH else f"{text[: MOST_WIDTH - 1]}…"
