"""Submissions that every metric must refuse, each with words that its message must hold."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd


def bad_submissions(case: dict[str, Any], truth: pd.DataFrame, good: pd.DataFrame) -> Iterator[tuple[str, Any, str]]:
    """Name of the fault, the faulty submission, a part of the message."""
    kind, columns = case["submission"]["kind"], case["submission"]["columns"]
    first, rows = columns[0], len(good)
    yield "a list instead of a table", good.to_numpy().tolist(), "must be a table"
    yield "nothing", None, "must be a table"
    yield "an array instead of a table", good.to_numpy(), "must be a table"
    yield "no columns", pd.DataFrame(), "missing column"
    yield "no rows", good.iloc[:0], "empty"
    yield "a missing column", good.drop(columns=first), f"missing column(s) {first!r}"
    yield "a missing id column", good.drop(columns="id"), "missing column(s) 'id'"
    yield "an extra column", good.assign(extra=1), "unexpected column(s) 'extra'"
    yield "an index column", good.reset_index(names="Unnamed: 0"), "unexpected column(s) 'Unnamed: 0'"
    yield "a renamed column", good.rename(columns={first: "other"}), "unexpected column(s) 'other'"
    yield "a column in capitals", good.rename(columns={"id": "ID"}), "missing column(s) 'id'"
    yield "a repeated column", pd.concat([good, good[[first]]], axis=1), "repeated column"
    yield "a missing row", good.iloc[1:], "1 test id(s) are missing"
    yield "an extra row", pd.concat([good, good.head(1).assign(id=-5)]), "1 id(s) are not in the test set, such as '-5'"
    yield "a repeated row", pd.concat([good, good.head(1)]), "duplicate ids"
    yield (
        "a repeated id in place of another",
        good.assign(id=np.where(np.arange(rows) == 0, good["id"].iloc[1], good["id"])),
        "duplicate ids",
    )
    yield "other ids", good.assign(id=np.arange(rows) + 10_000), "not in the test set"
    yield "a missing id", good.assign(id=good["id"].where(np.arange(rows) > 0)), "missing values"
    yield "ids of text", good.assign(id=[f"row {place}" for place in range(rows)]), "not in the test set"
    yield "NaN", replaced(good, first, np.nan), "missing value"
    yield "only NaN", good.assign(**{first: np.nan}), "missing value"
    yield (
        "dates",
        good.assign(**{first: pd.Timestamp("2020-01-01")}),
        "unknown label" if kind == "label" else "must hold numbers",
    )
    if kind == "label":
        yield (
            "an unknown label",
            replaced(good.astype({first: object}), first, "no such label"),
            "unknown label(s) 'no such label'",
        )
        yield "numbers for labels", good.assign(**{first: np.linspace(0.1, 0.9, rows)}), "unknown label"
        yield "an infinite value", good.assign(**{first: np.inf}), "unknown label"
        yield "lists", good.assign(**{first: pd.Series([["a"]] * rows, index=good.index)}), "unknown label"
        return
    yield "an infinite value", replaced(good.astype({first: float}), first, np.inf), "infinite"
    yield "a negative infinite value", replaced(good.astype({first: float}), first, -np.inf), "infinite"
    yield "text", replaced(good.astype({first: object}), first, "high"), "must hold numbers, found 'high'"
    yield "only text", good.assign(**{first: "?"}), "must hold numbers"
    yield "truth values", good.assign(**{first: True}), "must hold numbers"
    yield "complex numbers", good.assign(**{first: 1j}), "must hold numbers"
    yield "lists", good.assign(**{first: pd.Series([[1.0]] * rows, index=good.index)}), "must hold numbers"
    yield "categories of text", good.assign(**{first: pd.Categorical(["a"] * rows)}), "must hold numbers"
    if kind == "probabilities":
        yield "a probability above 1", replaced(good, first, 1.5), "between 0 and 1"
        yield "a probability below 0", replaced(good, first, -0.1), "between 0 and 1"
        yield "rows that do not sum to 1", good.assign(**dict.fromkeys(columns, 0.9)), "must sum to 1"
        yield "rows of zeros", good.assign(**dict.fromkeys(columns, 0.0)), "must sum to 1"
    if kind == "labels":
        yield "a probability for a label", replaced(good.astype({first: float}), first, 0.5), "0 or 1"
        yield "a count for a label", replaced(good, first, 2), "0 or 1"


def replaced(frame: pd.DataFrame, column: str, value: Any) -> pd.DataFrame:
    """The table with one value of a column replaced."""
    values = list(frame[column])
    values[len(values) // 2] = value
    return frame.assign(**{column: pd.Series(values, index=frame.index)})
