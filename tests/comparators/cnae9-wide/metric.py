import pandas as pd
from mledojo.metrics.base import CompetitionMetrics, InvalidSubmissionError
from sklearn.metrics import accuracy_score

BRANCHES = [str(number) for number in range(1, 10)]


class BranchMetrics(CompetitionMetrics):
    """Accuracy."""

    def __init__(self, value: str = "category", higher_is_better: bool = True):
        super().__init__(higher_is_better)
        self.value = value

    def evaluate(self, y_true: pd.DataFrame, y_pred: pd.DataFrame) -> float:
        self.validate_submission(y_pred, y_true)
        left = y_true.assign(id=y_true["id"].astype(str)).sort_values("id")
        right = y_pred.assign(id=y_pred["id"].astype(str)).sort_values("id")
        return float(accuracy_score(self._branches(left), self._branches(right)))

    def _branches(self, table: pd.DataFrame) -> list[str]:
        return [str(label).strip().removesuffix(".0") for label in table[self.value]]

    def validate_submission(self, submission, ground_truth):
        if not isinstance(submission, pd.DataFrame):
            raise InvalidSubmissionError("The submission must be a table.")
        if set(submission.columns) != {"id", self.value} or len(submission.columns) != 2:
            raise InvalidSubmissionError(f"The columns must be id and {self.value}.")
        ids = submission["id"].astype(str)
        if ids.duplicated().any():
            raise InvalidSubmissionError("An id is repeated.")
        expected = set(ground_truth["id"].astype(str))
        if set(ids) != expected:
            raise InvalidSubmissionError(
                f"{len(expected - set(ids))} ids are missing and {len(set(ids) - expected)} are unknown."
            )
        unknown = set(self._branches(submission)) - set(BRANCHES)
        if unknown:
            raise InvalidSubmissionError(f"Not a category: {sorted(unknown)[:5]}.")
        return "ok"
