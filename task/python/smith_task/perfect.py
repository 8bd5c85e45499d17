"""The perfect submission of a task: what scores the metric's best value."""

from typing import Any

import numpy as np
import pandas as pd

from smith_task.metrics.shared.text import plain_text


def perfect_submission(
    target: dict[str, Any], submission: dict[str, Any], auxiliary: list[str], truth: pd.DataFrame
) -> pd.DataFrame:
    """Made from the answers, by the manifest's `target` ({columns, kind, labels}) and `submission` ({columns, kind}).

    Unknown multi-label values become 0. For survival the risk falls with the duration, a censored row counting as
    later than an event at the same time. For a kind that is not ours the answers are returned without the auxiliary
    columns.
    """
    identifier = truth.columns[0]
    perfect = pd.DataFrame({identifier: truth[identifier]})
    columns, kind = submission["columns"], submission["kind"]
    if target["kind"] == "survival" and len(auxiliary) == 1:
        duration, event = truth[target["columns"][0]].to_numpy(float), truth[auxiliary[0]].to_numpy(float)
        order = np.lexsort((event != 1, duration))
        keys = np.column_stack([duration, event != 1])[order]
        later = np.any(keys[1:] != keys[:-1], axis=1)
        risk = np.empty(len(truth))
        risk[order] = -np.concatenate([[0], np.cumsum(later)]).astype(float)
        return perfect.assign(**{columns[0]: risk})
    if kind in ("score", "probabilities") and target["labels"] and target["kind"] in ("category", "ordinal"):
        texts = truth[target["columns"][0]].map(plain_text)
        if kind == "score":
            return perfect.assign(**{columns[0]: (texts == plain_text(target["labels"][-1])).astype(float)})
        return perfect.assign(**{label: (texts == plain_text(label)).astype(float) for label in columns})
    if kind in ("labels", "scores"):
        return perfect.assign(**{column: truth[column].fillna(0).astype(int) for column in columns})
    return truth.drop(columns=auxiliary).copy()
