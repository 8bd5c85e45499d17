"""Views: a base table with joins, as `dataset/survey.ts` defines them, read into one frame."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pandas as pd

from .joins import join_count, join_lists, join_one


def load_table(raw: Path, recipe: dict[str, Any]) -> pd.DataFrame:
    """The table that a recipe describes."""
    module = importlib.import_module(f"{__package__}.readers.{recipe['reader']}")
    return getattr(module, f"read_{recipe['reader']}")(raw, recipe["paths"], **recipe["options"])


def load_view(raw: Path, view: dict[str, Any]) -> pd.DataFrame:
    """The table of a view: rows of its base in file order, columns of the joins after its own."""
    tables: dict[str, pd.DataFrame] = {}

    def table(name: str) -> pd.DataFrame:
        if name not in tables:
            tables[name] = load_table(raw, view["recipes"][name])
        return tables[name]

    frame = table(view["base"])
    for join in view["joins"]:
        right = table(join["table"])
        if join["kind"] == "count":
            frame = join_count(frame, right, join["leftOn"], join["rightOn"], join["prefix"])
        else:
            frame = join_one(frame, right, join["leftOn"], join["rightOn"], join["columns"], join["prefix"])
    return join_lists(frame)
