"""The submission as a table that fits the answers."""

from typing import Any

import numpy as np
import pandas as pd
from mledojo.metrics.base import InvalidSubmissionError

from smith_task.metrics.shared.text import plain_texts, shown


def aligned(submission: Any, truth: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """The submission, which must have these `columns`, with its rows in the order of `truth`, matched by id."""
    if not isinstance(submission, pd.DataFrame):
        raise InvalidSubmissionError(
            f"The submission must be a table (pandas DataFrame), not {type(submission).__name__}."
        )
    identifier = str(truth.columns[0])
    submission = with_columns(submission, [identifier, *columns])
    if len(submission) == 0:
        raise InvalidSubmissionError(
            f"The submission is empty: it needs one row for each of the {len(truth)} test ids."
        )
    order = matching_rows(submission[identifier], truth.iloc[:, 0])
    return submission.take(order)


def with_columns(submission: pd.DataFrame, expected: list[str]) -> pd.DataFrame:
    """The submission with text as column names, exactly the expected ones in any order."""
    found = [str(name) for name in submission.columns]
    missing = [name for name in expected if name not in found]
    extra = [name for name in found if name not in expected]
    problems = []
    if missing:
        problems.append(f"missing column(s) {shown(missing)}")
    if extra:
        problems.append(f"unexpected column(s) {shown(extra)}")
    if not problems and len(found) != len(expected):
        repeated = [name for name in expected if found.count(name) > 1]
        problems.append(f"repeated column(s) {shown(repeated)}")
    if problems:
        raise InvalidSubmissionError(f"Wrong columns: {'; '.join(problems)}. Expected: {', '.join(expected)[:500]}.")
    return submission if found == list(submission.columns) else submission.set_axis(found, axis=1)


def matching_rows(given: pd.Series, wanted: pd.Series) -> np.ndarray:
    """Positions in `given` of the ids in `wanted`; both must hold the same ids, each once."""
    if all(isinstance(ids.dtype, np.dtype) and ids.dtype.kind in "iu" for ids in (given, wanted)):
        given_ids, wanted_ids = pd.Index(given.to_numpy()), pd.Index(wanted.to_numpy())
    else:
        given_ids, wanted_ids = (pd.Index(plain_texts(ids), dtype=object) for ids in (given, wanted))
    if not wanted_ids.is_unique:
        raise ValueError("the answers hold an id twice")
    if given.isna().any():
        raise InvalidSubmissionError(f"The id column {given.name!r} has missing values.")
    if not given_ids.is_unique:
        raise InvalidSubmissionError(f"Duplicate ids: {shown(given_ids[given_ids.duplicated()].unique())}.")
    order = given_ids.get_indexer(wanted_ids)
    if len(given_ids) == len(wanted_ids) and (order >= 0).all():
        return order
    missing = wanted_ids[order < 0]
    extra = given_ids[~given_ids.isin(wanted_ids)]
    problems = []
    if len(missing):
        problems.append(f"{len(missing)} test id(s) are missing, such as {shown(missing)}")
    if len(extra):
        problems.append(f"{len(extra)} id(s) are not in the test set, such as {shown(extra)}")
    raise InvalidSubmissionError(f"Wrong ids: {'; '.join(problems)}.")
