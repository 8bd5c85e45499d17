"""The submission that a task's metric must score best."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smith_checks.package import Package, to_numbers


def perfect_submission(package: Package, answers: pd.DataFrame) -> pd.DataFrame | None:
    """The perfect submission for these answers, or None where the format is the author's own and cannot be told."""
    submission = package.manifest["submission"]
    columns, kind = submission["columns"], submission["kind"]
    ids = {package.id: answers[package.id]}
    truth = answers[package.targets[0]]
    if kind == "label":
        return pd.DataFrame({**ids, columns[0]: truth})
    if kind == "value":
        return pd.DataFrame({**ids, columns[0]: to_numbers(truth)})
    if kind == "score":
        return pd.DataFrame({**ids, columns[0]: true_scores(package, answers)})
    if kind == "probabilities":
        texts = truth.astype(str)
        return pd.DataFrame({**ids, **{name: (texts == name).astype(float) for name in columns}})
    if kind in {"labels", "scores"} and columns == package.targets:
        filled = {name: np.nan_to_num(to_numbers(answers[name])) for name in columns}
        if kind == "labels":
            filled = {name: values.astype(int) for name, values in filled.items()}
        return pd.DataFrame({**ids, **filled})
    if set(columns) <= set(answers.columns):
        return answers[[package.id, *columns]].copy()
    return None


def true_scores(package: Package, frame: pd.DataFrame) -> np.ndarray:
    """One number per row that orders the rows perfectly: the truth, or 1 for the positive label, or risk."""
    truth = frame[package.targets[0]]
    if package.objective == "survival":
        # A risk: who meets the event first has the highest; of two equal times the event came before the censoring.
        event = to_numbers(frame[package.auxiliary[0]]) if package.auxiliary and package.auxiliary[0] in frame else 0.0
        return np.asarray(event - 2.0 * np.unique(to_numbers(truth), return_inverse=True)[1], dtype=float)
    labels = package.manifest["target"]["labels"]
    if package.is_class and labels is not None:
        return (truth.astype(str) == labels[-1]).to_numpy(dtype=float)
    return to_numbers(truth)
