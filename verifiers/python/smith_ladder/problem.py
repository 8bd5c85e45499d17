"""A task as the solvers see it: tables, what is asked, how it is scored."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

_MISSING = ["", "NA", "N/A", "NaN", "nan", "null", "NULL", "<NA>", "None", "n/a", "#N/A", "-nan", "-NaN"]
# Metrics whose best point prediction is a median, or a mean of logarithms.
MEDIAN_METRICS = {"mae", "mape", "smape", "mase"}
SEED = 0


@dataclass(frozen=True)
class Problem:
    """The public part of one task."""

    manifest: dict[str, Any]
    public: Path

    @property
    def id(self) -> str:
        return self.manifest["submission"]["id"]

    @property
    def objective(self) -> str:
        return self.manifest["objective"]

    @property
    def metric(self) -> str:
        return self.manifest["metric"]["name"]

    @property
    def parameters(self) -> dict[str, Any]:
        return self.manifest["metric"]["parameters"]

    @property
    def targets(self) -> list[str]:
        return self.manifest["target"]["columns"]

    @property
    def kind(self) -> str:
        return self.manifest["target"]["kind"]

    @property
    def submission_kind(self) -> str:
        return self.manifest["submission"]["kind"]

    @property
    def media(self) -> dict[str, str] | None:
        return self.manifest["media"]

    @property
    def groups(self) -> list[str]:
        # A column of the raw data named as the package's id is not that id.
        return [name for name in self.manifest["split"]["groups"] if name in self.train.columns and name != self.id]

    @property
    def by_time(self) -> bool:
        return self.manifest["split"]["strategy"] == "time"

    def read(self, name: str) -> pd.DataFrame:
        path = self.public / name
        header = pd.read_csv(path, nrows=0).columns
        as_text = {self.id}
        if self.is_class:
            as_text |= set(self.targets)
        if self.media is not None:
            as_text.add(self.media["column"])
        return pd.read_csv(
            path,
            dtype={column: "str" for column in header if column in as_text},
            na_values={column: ([""] if column in as_text else _MISSING) for column in header},
            keep_default_na=False,
            low_memory=False,
        )

    @cached_property
    def train(self) -> pd.DataFrame:
        frame = self.read("train.csv")
        # Rows without a target teach nothing; a multi-label row may lack some of its labels.
        known = frame[self.targets].notna()
        return frame[known.any(axis=1) if self.kind == "multilabel" else known.all(axis=1)].reset_index(drop=True)

    @cached_property
    def test(self) -> pd.DataFrame:
        return self.read("test.csv")

    @cached_property
    def is_class(self) -> bool:
        return self.kind in {"category", "ordinal"} or (self.kind == "other" and self.submission_kind in {"label", "probabilities"})

    @cached_property
    def labels(self) -> list[str]:
        """Class labels in order: the declared ones, or those of train."""
        declared = self.manifest["target"]["labels"]
        if declared is not None:
            return list(declared)
        return sorted(self.train[self.targets[0]].unique())

    @cached_property
    def features(self) -> list[str]:
        """Columns that both tables have, without id, target and path of a file."""
        leave = {self.id, *self.targets, *self.manifest["auxiliary"]}
        if self.media is not None:
            leave.add(self.media["column"])
        return [name for name in self.test.columns if name in self.train.columns and name not in leave]

    @cached_property
    def y(self) -> np.ndarray:
        """Class codes (int), or numbers (float), of the train rows."""
        column = self.train[self.targets[0]]
        if self.is_class:
            codes = {label: code for code, label in enumerate(self.labels)}
            return column.map(codes).fillna(0).to_numpy(dtype=int)
        return pd.to_numeric(column, errors="coerce").fillna(0).to_numpy(dtype=float)

    def with_features(self, names: list[str]) -> Problem:
        """The same task with these features alone."""
        other = Problem(self.manifest, self.public)
        other.__dict__.update(train=self.train, test=self.test, y=self.y, features=names)
        return other

    def submission(self, **columns: Any) -> pd.DataFrame:
        return pd.DataFrame({self.id: self.test[self.id], **columns})
