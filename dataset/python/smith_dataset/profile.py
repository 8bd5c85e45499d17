"""Everything that is measured of one view: `ViewSurvey` of the survey's schema."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .codebook import Codebook, describe_columns
from .column_facts import facts
from .columns import Column, read_column
from .flags import set_flags
from .groups import find_groups, layout_groups
from .history_probes import history_gain
from .probe_targets import choose_targets
from .probes import run_probes
from .roles import find_roles
from .text import NAME_LIMIT, clip, finite
from .times import find_times, in_time_order

MAX_COLUMNS = 1000
BRIEF_BEYOND = 120


def profile_view(raw: Path, found: dict[str, Any], frame: pd.DataFrame, book: Codebook) -> dict[str, Any]:
    """Measures one view that `discover` found and `load_view` has read."""
    notes = [clip(note, 300) for note in found.get("notes", [])]
    declared = found.get("roles") or {}
    frame, clipped = _bounded(frame, declared, notes)
    columns = [read_column(str(name), frame.iloc[:, position]) for position, name in enumerate(frame.columns)]
    describe_columns(columns, book)
    set_flags(columns)
    if found["view"].get("media"):
        _layout_labels(columns, declared)
    groups = find_groups(columns) if not found["view"].get("media") else layout_groups(columns, declared.get("labels", []))
    times = find_times(columns, groups)
    ordered = in_time_order(columns, times)
    roles = find_roles(columns, declared)
    for column in columns:
        notes += [clip(note, 300) for note in column.notes]
        if column.missing_codes:
            notes.append(clip(f"{column.name}: values that mean no answer: {', '.join(column.missing_codes)}", 300))
    view = found["view"]
    probes = _probes(raw, view, columns, roles, times, ordered)
    return {
        "view": view,
        "title": clip(found.get("title", view["id"]), NAME_LIMIT),
        "modality": found.get("modality") or _modality(columns, view, roles, times, ordered),
        "rows": len(frame),
        "duplicates": _duplicates(columns),
        "columns": [facts(column, brief=position >= BRIEF_BEYOND) for position, column in enumerate(columns)],
        "columnsClipped": clipped,
        "groups": groups,
        "time": times,
        "probes": probes,
        "published": found.get("published"),
        "roles": roles,
        "notes": notes[:60],
    }


def _layout_labels(columns: list[Column], declared: dict[str, Any]) -> None:
    """Numbers in folder and file names are names of classes, not amounts."""
    for column in columns:
        if column.name in declared.get("labels", []) and column.type == "integer" and re.match(r"(folder|name|part)_?\d*$", column.name):
            if column.distinct <= 200 and column.filled >= 3 * column.distinct:
                column.type = "category"
                column.flags -= {"ordinal", "identifier", "time_like"}
                column.levels = None


def _probes(raw: Path, view: dict[str, Any], columns: list[Column], roles: dict[str, Any], times: list[dict[str, Any]], ordered: bool) -> list[dict[str, Any]]:
    by_name = {column.name: column for column in columns}
    media = view.get("media")
    if media and media["column"] in by_name:
        from .media_probes import media_probes

        labels = [by_name[name] for name in roles["labels"]] or choose_targets(columns)
        return media_probes(raw, media["kind"], by_name[media["column"]], labels)
    probes = run_probes(columns, ordered, roles["multilabel"])
    axis = next((axis for axis in times if axis["regular"] and axis["points"] >= 30), None)
    if axis is not None:
        time, series = by_name[axis["column"]], [by_name[name] for name in axis["series"]]
        for probe in probes:
            if probe["kind"] == "regression":
                gain = history_gain(by_name[probe["column"]], time, series)
                probe["historyGain"] = None if gain is None else finite(max(-1.0, gain))
    return probes


def _bounded(frame: pd.DataFrame, declared: dict[str, Any], notes: list[str]) -> tuple[pd.DataFrame, bool]:
    """At most `MAX_COLUMNS` columns with names that fit; the first ones, the last ones and declared labels."""
    fitting = [position for position, name in enumerate(frame.columns) if len(str(name)) <= NAME_LIMIT]
    if len(fitting) < frame.shape[1]:
        notes.append(f"{frame.shape[1] - len(fitting)} columns with names of more than {NAME_LIMIT} characters are left out")
    if len(fitting) > MAX_COLUMNS:
        labels = set(declared.get("labels", []))
        wanted = set(fitting[: MAX_COLUMNS - 50]) | set(fitting[-50:])
        wanted |= {position for position in fitting if str(frame.columns[position]) in labels}
        notes.append(f"{len(fitting)} columns, of which {len(wanted)} are listed")
        fitting = sorted(wanted)
    if len(fitting) == frame.shape[1]:
        return frame, False
    return frame.iloc[:, fitting], True


def _duplicates(columns: list[Column]) -> int:
    """Rows that are equal to an earlier one, row numbers left out."""
    counted = [column for column in columns if "row_number" not in column.flags and column.distinct > 1]
    if not counted or any("unique" in column.flags for column in counted):
        return 0
    key = np.zeros(counted[0].rows, dtype=np.uint64)
    for column in counted:
        key = key * np.uint64(0x9E3779B97F4A7C15) + (column.codes + 1).astype(np.uint64) + np.uint64(1)
        key ^= key >> np.uint64(29)
    return int(len(key) - len(np.unique(key)))


def _modality(columns: list[Column], view: dict[str, Any], roles: dict[str, Any], times: list[dict[str, Any]], ordered: bool) -> str:
    by_type = {column.name: column.type for column in columns}
    if view.get("media"):
        return str(view["media"]["kind"])
    if roles["user"]:
        return "ratings"
    if roles["query"]:
        return "ranking"
    if roles["duration"]:
        return "survival"
    if any(column.name.lower() in ("smiles", "inchi", "canonical_smiles", "mol") for column in columns):
        return "molecules"
    if any(column.type == "text" and (column.words or 0) >= 4 for column in columns) and sum(column.type in ("integer", "number") for column in columns) <= 3:
        return "text"
    if ordered or any(axis["regular"] or axis["series"] and by_type.get(axis["column"]) == "datetime" and axis["points"] >= 100 for axis in times):
        return "time_series"
    return "relational" if view.get("joins") else "tabular"
