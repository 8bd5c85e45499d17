"""The part of MLE-Dojo's metric interface that a task's metric.py needs, so that it runs here as it does there."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


class InvalidSubmissionError(Exception):
    """A submission that the task's rules do not allow; the message says what is wrong with it."""


class CompetitionMetrics(ABC):
    """A competition's metric: checks a submission and scores it.

    Built without arguments by the loader. Mind the argument orders: `validate_submission(submission,
    ground_truth)` and `evaluate(y_true, y_pred)` are opposite. Both get the same frames and change neither.
    """

    def __init__(self, higher_is_better: bool = True) -> None:
        self.higher_is_better = higher_is_better

    @abstractmethod
    def evaluate(self, y_true: pd.DataFrame, y_pred: pd.DataFrame) -> float:
        """Score of the predictions: a finite number."""

    @abstractmethod
    def validate_submission(self, submission: Any, ground_truth: Any) -> Any:
        """Raises InvalidSubmissionError when the submission breaks a rule; the return value is not used."""
