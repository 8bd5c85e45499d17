"""Harrell's concordance index of a risk score, written out pair by pair."""

import numpy as np
import pandas as pd
from mledojo.metrics.base import CompetitionMetrics, InvalidSubmissionError


class SurvivalMetrics(CompetitionMetrics):
    """Share of comparable pairs in which the patient who died first has the higher risk."""

    def __init__(self, value: str = "days", higher_is_better: bool = True) -> None:
        super().__init__(higher_is_better)
        self.value = value

    def evaluate(self, y_true: pd.DataFrame, y_pred: pd.DataFrame) -> float:
        self.validate_submission(y_pred, y_true)
        truth = y_true.set_index("id")
        risk = y_pred.set_index("id")[self.value].astype(float).reindex(truth.index).to_numpy()
        days, event = truth["days"].to_numpy(float), truth["event"].to_numpy(int)
        concordant, comparable = 0.0, 0
        for i in np.flatnonzero(event == 1):
            later = (days > days[i]) | ((days == days[i]) & (event == 0))
            comparable += int(later.sum())
            concordant += float((risk[later] < risk[i]).sum()) + 0.5 * float((risk[later] == risk[i]).sum())
        return concordant / comparable if comparable else 0.5

    def validate_submission(self, submission, ground_truth) -> str:
        if not isinstance(submission, pd.DataFrame):
            raise InvalidSubmissionError("A submission is a table.")
        if list(submission.columns) != ["id", self.value]:
            raise InvalidSubmissionError(f"Columns must be id and {self.value}, not {list(submission.columns)}.")
        if len(submission) == 0:
            raise InvalidSubmissionError("The submission has no rows.")
        if submission["id"].duplicated().any():
            raise InvalidSubmissionError("Some ids occur twice.")
        if set(submission["id"]) != set(ground_truth["id"]):
            raise InvalidSubmissionError("The ids are not those of the test set.")
        risk = pd.to_numeric(submission[self.value], errors="coerce")
        if not np.isfinite(risk).all():
            raise InvalidSubmissionError("Every risk must be a finite number.")
        return "valid"
