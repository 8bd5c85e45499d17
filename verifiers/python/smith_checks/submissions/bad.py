"""Submissions that every sound metric refuses: one fault each."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd


def bad_submissions(good: pd.DataFrame, kind: str, labels: set[str]) -> Iterator[tuple[str, str, pd.DataFrame | str]]:
    """Yields (name, what is wrong, table or text of the file) for a valid table whose first column is the id."""
    identifier, first = good.columns[0], good.columns[1]
    numeric = kind in {"value", "score", "probabilities", "labels", "scores"}
    yield "missing-column", f"the column {first!r} is missing", good.drop(columns=[first])
    yield "missing-id-column", f"the column {identifier!r} is missing", good.drop(columns=[identifier])
    yield "extra-column", "there is a column too many", good.assign(unexpected_column=0)
    yield "renamed-column", f"the column {first!r} is renamed", good.rename(columns={first: f"{first}_renamed"})
    yield "missing-ids", "a row is missing", good.iloc[1:]
    unknown = good.iloc[[0]].copy()
    unknown[identifier] = _unknown_id(good[identifier])
    yield "extra-ids", "there is a row whose id is unknown", pd.concat([good, unknown], ignore_index=True)
    swapped = good.copy()
    swapped[identifier] = swapped[identifier].astype(object)
    swapped.iloc[0, 0] = unknown[identifier].iloc[0]
    yield "unknown-id", "an id is replaced by an unknown one", swapped
    yield "duplicate-ids", "a row stands twice", pd.concat([good, good.iloc[[0]]], ignore_index=True)
    repeated = good.copy()
    repeated.iloc[1, 0] = repeated.iloc[0, 0]
    yield "repeated-id", "an id stands twice in place of another", repeated
    yield "missing-value", "a prediction is missing", _with(good, first, "")
    yield "all-missing", "all predictions are missing", good.assign(**{str(first): ""}) if len(good.columns) == 2 else good.assign(**dict.fromkeys(map(str, good.columns[1:]), ""))
    if numeric:
        yield "infinite-value", "a prediction is infinite", _with(good, first, "inf")
        yield "text-value", "a prediction is a text where a number is asked", _with(good, first, "abc")
    if kind == "label" and labels:
        yield "unknown-label", "a prediction is no label of the task", _with(good, first, "no such label")
        texts = good[first].astype("str")
        turned = texts.str.swapcase()
        other = np.flatnonzero(~turned.isin(set(texts)) & (turned != texts) & ~turned.isin(labels))
        if len(other):
            yield "label-in-other-case", "a label is written in other case", _with(good, first, str(turned.iloc[other[0]]), int(other[0]))
    if kind == "labels":
        yield "unknown-label", "a prediction is neither 0 nor 1", _with(good, first, "7")
    if kind == "probabilities":
        yield "negative-probability", "a probability is negative", _with(good, first, "-0.5")
    yield "header-only", "there are no rows", good.iloc[:0]
    yield "empty-file", "the file is empty", ""
    yield "not-a-table", "the file is not a table", "\x00\x01 not a table\n\x02\n"


def _with(good: pd.DataFrame, column: str, value: str, row: int = 0) -> pd.DataFrame:
    changed = good.copy()
    changed[column] = changed[column].astype(object)
    changed.iloc[row, changed.columns.get_loc(column)] = value
    return changed


def _unknown_id(ids: pd.Series) -> str:
    numbers = pd.to_numeric(ids, errors="coerce")
    return str(int(numbers.max()) + 1_000_003) if numbers.notna().all() else "no-such-id-1000003"
