import numpy as np
import pandas as pd
from mledojo.metrics.base import CompetitionMetrics, InvalidSubmissionError
from sklearn.metrics import mean_squared_error


class GradeMetrics(CompetitionMetrics):
    def __init__(self, value: str = "G3", higher_is_better: bool = False):
        super().__init__(higher_is_better)
        self.value = value

    def evaluate(self, y_true: pd.DataFrame, y_pred: pd.DataFrame) -> float:
        self.validate_submission(y_pred, y_true)
        both = y_true.merge(y_pred, on="id", suffixes=("_true", "_pred"))
        predicted = pd.to_numeric(both[self.value + "_pred"]).clip(-1e9, 1e9)
        return float(np.sqrt(mean_squared_error(both[self.value + "_true"], predicted)))

    def validate_submission(self, submission, ground_truth):
        if not isinstance(submission, pd.DataFrame):
            raise InvalidSubmissionError("not a table")
        missing = {"id", self.value} - set(submission.columns)
        extra = set(submission.columns) - {"id", self.value}
        if missing or extra:
            raise InvalidSubmissionError(f"missing columns {sorted(missing)}, unknown columns {sorted(map(str, extra))}")
        if len(submission) != len(ground_truth):
            raise InvalidSubmissionError(f"expected {len(ground_truth)} rows, got {len(submission)}")
        if sorted(submission["id"].astype(str)) != sorted(ground_truth["id"].astype(str)):
            raise InvalidSubmissionError("ids do not match the test set, or some are repeated")
        try:
            values = submission[self.value].astype(float)
        except (TypeError, ValueError) as error:
            raise InvalidSubmissionError(f"{self.value} must be numeric") from error
        if not np.isfinite(values).all():
            raise InvalidSubmissionError(f"{self.value} holds NaN or infinite values")
        return "ok"
