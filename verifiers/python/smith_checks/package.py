"""A task package as the checks see it: manifest, tables, files. Tables are read once, when first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

# What pandas reads as missing in a numeric or feature column. In label columns every text is a value.
_MISSING = ["", "NA", "N/A", "NaN", "nan", "null", "NULL", "<NA>", "None", "n/a", "#N/A", "-nan", "-NaN"]
CLASS_KINDS = {"category", "ordinal", "multilabel"}


@dataclass(frozen=True)
class TargetColumn:
    """One target column: `train` and `test` are floats, with NaN for missing; classes are codes of `labels`."""

    name: str
    is_class: bool
    labels: list[str]
    train: np.ndarray
    test: np.ndarray

    @property
    def pooled(self) -> np.ndarray:
        return np.concatenate([self.train, self.test])


class Package:
    """The folders and the manifest of one task.

    `public`, `private` and `raw` are folders that are only read; `sources` holds the texts of `prepare.py`,
    `metric.py` and `description.md`; `listing` the files of the public folder with the rank of their
    modification times where these are known.
    """

    def __init__(
        self,
        manifest: dict[str, Any],
        public: Path,
        private: Path,
        raw: Path | None = None,
        sources: dict[str, str] | None = None,
        modified: dict[str, int] | None = None,
    ) -> None:
        self.manifest = manifest
        self.public = public
        self.private = private
        self.raw = raw
        self.sources = sources or {}
        self.modified = modified or {}
        self.id: str = manifest["submission"]["id"]
        self.targets: list[str] = list(manifest["target"]["columns"])
        self.auxiliary: list[str] = list(manifest["auxiliary"])
        self.target_kind: str = manifest["target"]["kind"]
        self.strategy: str = manifest["split"]["strategy"]
        self.objective: str = manifest["objective"]

    @property
    def groups(self) -> list[str]:
        """The columns whose groups the split keeps whole. A column of the raw data named as the package's id is not that id."""
        return [name for name in self.manifest["split"]["groups"] if name != self.id]

    @cached_property
    def units(self) -> pd.Series | None:
        """The unit (group) of each test row by its id, as `private/units.csv` names it; None without that file."""
        path = self.private / "units.csv"
        if not path.is_file():
            return None
        table = pd.read_csv(path, dtype="str")
        return table.set_index(table.columns[0])[table.columns[-1]]

    # --- tables -----------------------------------------------------------------------------------------
    def read(self, path: Path) -> pd.DataFrame:
        """A CSV with ids and labels as text, and the other columns as pandas infers them."""
        header = pd.read_csv(path, nrows=0, encoding="utf-8").columns
        as_text = {self.id, *self.manifest["split"]["groups"]}
        if self.target_kind in {"category", "ordinal"}:
            as_text |= set(self.targets)
        if self.media_column is not None:
            as_text.add(self.media_column)
        return pd.read_csv(
            path,
            encoding="utf-8",
            dtype={name: "str" for name in header if name in as_text},
            na_values={name: ([""] if name in as_text else _MISSING) for name in header},
            keep_default_na=False,
            low_memory=False,
        )

    def written(self, name: str) -> pd.DataFrame:
        """The features of a public table as texts, as they stand in the file."""
        path = self.public / name
        header = pd.read_csv(path, nrows=0, encoding="utf-8").columns
        wanted = [column for column in header if column in set(self.features)]
        return pd.read_csv(path, encoding="utf-8", dtype="str", usecols=wanted, na_values=[""], keep_default_na=False)

    @cached_property
    def train(self) -> pd.DataFrame:
        return self.read(self.public / "train.csv")

    @cached_property
    def test(self) -> pd.DataFrame:
        return self.read(self.public / "test.csv")

    @cached_property
    def sample(self) -> pd.DataFrame:
        return self.read(self.public / "sample_submission.csv")

    @cached_property
    def answers(self) -> pd.DataFrame:
        return self.read(self.private / "test_answer.csv")

    @cached_property
    def aligned_answers(self) -> pd.DataFrame:
        """The answers in the order of the test rows."""
        return self.answers.set_index(self.id).reindex(self.test[self.id]).reset_index()

    @property
    def media_column(self) -> str | None:
        media = self.manifest.get("media")
        return media["column"] if media else None

    @cached_property
    def features(self) -> list[str]:
        """Columns of the test table that a solver learns from: no id, no target, no path of a file."""
        train = set(self.train.columns)
        leave = {self.id, *self.targets, self.media_column}
        return [name for name in self.test.columns if name in train and name not in leave]

    # --- target -----------------------------------------------------------------------------------------
    @cached_property
    def is_class(self) -> bool:
        if self.target_kind in CLASS_KINDS:
            return True
        if self.target_kind != "other":
            return False
        values = self.train[self.targets[0]]
        return not pd.api.types.is_numeric_dtype(values) or values.nunique() <= 10

    @cached_property
    def target_columns(self) -> list[TargetColumn]:
        """The target columns, test aligned to the test rows; at most the first 12."""
        columns = []
        for name in self.targets[:12]:
            train, test = self.train[name], self.aligned_answers[name]
            if self.is_class:
                pooled = pd.concat([train, test], ignore_index=True)
                codes, labels = pd.factorize(pooled, sort=True)
                values = np.where(codes < 0, np.nan, codes.astype(float))
                texts = [str(label) for label in labels]
            else:
                values = np.concatenate([to_numbers(train), to_numbers(test)])
                texts = []
            columns.append(TargetColumn(name, self.is_class, texts, values[: len(train)], values[len(train) :]))
        return columns

    # --- files ------------------------------------------------------------------------------------------
    @cached_property
    def public_files(self) -> list[str]:
        return sorted(str(path.relative_to(self.public)) for path in self.public.rglob("*") if path.is_file())

    @property
    def time_ordered(self) -> bool:
        return self.strategy == "time" or self.objective == "forecasting"

    @property
    def random_split(self) -> bool:
        return self.strategy in {"random", "stratified"}


def to_numbers(values: pd.Series) -> np.ndarray:
    """Floats, with NaN where there is no number."""
    return pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
