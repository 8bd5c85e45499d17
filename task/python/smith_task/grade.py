"""Scores submissions with a task's own `metric.py`; run as a program of its own, after all solving is over.

The metric is foreign code and shares this process, so what is written here is data for another process to judge.
/job/input.json: {requests: [{name, path, bootstrap}], bootstrap: {rounds, seed} | null, query: str | null, seconds}.
/job/private holds test_answer.csv and perhaps units.csv (columns id, unit); /job/metric holds metric.py.
"""

import importlib.util
import json
import math
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from mledojo.metrics.base import CompetitionMetrics, InvalidSubmissionError

from smith_task.metrics.shared.table import matching_rows

MESSAGE_LENGTH = 500
LARGEST_FILE = 1 << 30


def main(job: Path = Path("/job"), out: Path = Path("/out")) -> None:
    """Reads the job's input, scores every request, writes result.json."""
    request = json.loads((job / "input.json").read_text(encoding="utf-8"))
    truth = pd.read_csv(job / "private" / "test_answer.csv")
    result = grade(request, truth, read_units(job / "private" / "units.csv"), job)
    (out / "result.json").write_text(json.dumps(result, allow_nan=False), encoding="utf-8")


def grade(request: dict[str, Any], truth: pd.DataFrame, units: pd.DataFrame | None, job: Path) -> dict[str, Any]:
    """One result per request, in their order, and what was learnt of the metric class."""
    started = time.monotonic()
    try:
        metric_class, classes = load_metric(job / "metric" / "metric.py")
        higher_is_better = bool(metric_class().higher_is_better)
    except (Exception, SystemExit) as error:
        message = f"metric.py cannot be loaded: {explain(error)}"
        results = [outcome(one["name"], "crashed", message=message) for one in request["requests"]]
        return {"higherIsBetter": None, "classes": 0, "rounds": 0, "unit": "row", "results": results}
    results, resampled = [], {}
    for one in request["requests"]:
        try:
            submission = read_submission(job / one["path"])
        except InvalidSubmissionError as error:
            results.append(outcome(one["name"], "refused", message=explain(error)))
            if one.get("thorough"):
                results[-1].update(examine(metric_class, truth, (job / one["path"]).read_text("latin-1")))
            continue
        result = score(one["name"], metric_class, truth, submission)
        results.append(result)
        if one.get("thorough"):
            result.update(examine(metric_class, truth, submission))
        if request["bootstrap"] is not None and one["bootstrap"] and result["status"] == "scored":
            resampled[len(results) - 1] = submission
    rounds, unit = 0, "row"
    if resampled:
        deadline = started + request["seconds"]
        draws = Draws(truth, units, request["query"], request["bootstrap"]["seed"])
        unit = draws.unit
        samples = bootstrap(metric_class, draws, resampled, request["bootstrap"]["rounds"], deadline)
        rounds = max((len(scores) for scores in samples.values()), default=0)
        for position, scores in samples.items():
            results[position]["bootstrap"] = scores
    return {"higherIsBetter": higher_is_better, "classes": classes, "rounds": rounds, "unit": unit, "results": results}


def load_metric(path: Path) -> tuple[type[CompetitionMetrics], int]:
    """The alphabetically first metric class of the file, as MLE-Dojo takes it, and how many there are."""
    specification = importlib.util.spec_from_file_location("task_metric", path)
    if specification is None or specification.loader is None:
        raise ImportError("no such file")
    module = importlib.util.module_from_spec(specification)
    sys.modules["task_metric"] = module
    specification.loader.exec_module(module)
    classes = {
        name: value
        for name, value in sorted(vars(module).items())
        if isinstance(value, type) and issubclass(value, CompetitionMetrics) and value is not CompetitionMetrics
    }
    if not classes:
        raise ImportError("it has no subclass of CompetitionMetrics")
    return next(iter(classes.values())), len(set(classes.values()))


def read_submission(path: Path) -> pd.DataFrame:
    """The file as MLE-Dojo reads it; InvalidSubmissionError when it is no CSV file."""
    if not path.is_file():
        raise InvalidSubmissionError("There is no submission file.")
    if path.stat().st_size > LARGEST_FILE:
        raise InvalidSubmissionError("The submission file is larger than 1 GiB.")
    try:
        return pd.read_csv(path, low_memory=False)
    except pd.errors.EmptyDataError as error:
        raise InvalidSubmissionError("The submission file is empty.") from error
    except (ValueError, OSError, MemoryError, OverflowError) as error:
        raise InvalidSubmissionError(f"The submission cannot be read as a CSV file: {explain(error)}") from error


def read_units(path: Path) -> pd.DataFrame | None:
    """The table of units of resampling, if the task has one."""
    return pd.read_csv(path) if path.is_file() else None


def score(name: str, metric_class: type, truth: pd.DataFrame, submission: pd.DataFrame) -> dict[str, Any]:
    """Validates and evaluates on copies, with a metric object of its own."""
    try:
        metric = metric_class()
        metric.validate_submission(submission.copy(), truth.copy())
        value = as_score(metric.evaluate(truth.copy(), submission.copy()))
    except InvalidSubmissionError as error:
        return outcome(name, "refused", message=explain(error))
    except (Exception, SystemExit) as error:
        return outcome(name, "crashed", message=f"{type(error).__name__}: {explain(error)}")
    return outcome(name, "scored", value)


def examine(metric_class: type, truth: pd.DataFrame, submission: Any) -> dict[str, Any]:
    """What each method does by itself: `validator` and `evaluator` (passed, refused, crashed), whether they `changed` what
    they were given, and whether a refusal `tells` of the truth: it reads otherwise where other values are true."""
    strange = truth.copy()
    if len(strange.columns) > 1:
        strange.iloc[:, 1:] = np.roll(truth.iloc[:, 1:].to_numpy(dtype=object), 1, axis=0)
    found: dict[str, Any] = {"changed": False, "tells": False}
    messages = {}
    for name, answers in (("validator", truth), ("strange", strange), ("evaluator", truth)):
        given, right = copied(submission), answers.copy()
        before = written(given), written(right)
        try:
            metric = metric_class()
            if name == "evaluator":
                as_score(metric.evaluate(right, given))
            else:
                metric.validate_submission(given, right)
            found[name] = "passed"
        except InvalidSubmissionError as error:
            found[name] = "refused"
            messages[name] = explain(error)
        except (Exception, SystemExit):
            found[name] = "crashed"
        found["changed"] = found["changed"] or before != (written(given), written(right))
    # An answer that other values of the truth change: only where both refuse is it the message.
    found["tells"] = "strange" in messages and messages.get("validator") != messages["strange"]
    del found["strange"]
    return found


def copied(value: Any) -> Any:
    """A copy of a table; anything else as it is."""
    return value.copy() if isinstance(value, pd.DataFrame) else value


def written(value: Any) -> str:
    """All that a table holds, as a text; it asks no method of the table to compare."""
    if not isinstance(value, pd.DataFrame):
        return ""
    columns = [repr(list(value.iloc[:, place])) for place in range(value.shape[1])]
    return repr((list(value.columns), list(value.index), list(map(str, value.dtypes)), columns))


def as_score(value: Any) -> float:
    """The score as a finite float; ValueError when it is none."""
    if isinstance(value, str | bytes):
        raise ValueError(f"evaluate returned a text, {value[:40]!r}")
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"evaluate returned {number}")
    return number


class Draws:
    """Samples with replacement of the units of a test set: rows, groups or blocks of time."""

    def __init__(self, truth: pd.DataFrame, units: pd.DataFrame | None, query: str | None, seed: int) -> None:
        self.truth = truth
        self.seed = seed
        self.query = query if query in truth.columns else None
        codes = np.arange(len(truth))
        self.unit = "row"
        if units is not None and {"id", "unit"} <= set(units.columns):
            order = matching_rows(units["id"], truth.iloc[:, 0])
            codes, _ = pd.factorize(units["unit"].iloc[order])
            self.unit = "unit"
        elif self.query is not None:
            codes, _ = pd.factorize(truth[self.query])
            self.unit = "query"
        order = np.argsort(codes, kind="stable")
        self.members = np.split(order, np.flatnonzero(np.diff(codes[order])) + 1)
        self.queries = None if self.query is None else pd.factorize(truth[self.query])[0]
        self.whole_ids = truth.dtypes.iloc[0].kind in "iu"

    def draw(self, number: int) -> tuple[np.ndarray, pd.DataFrame, np.ndarray]:
        """Rows of one sample, its answers with fresh ids, and those ids. A unit drawn twice counts as two units."""
        generator = np.random.default_rng([self.seed, number])
        units = generator.integers(0, len(self.members), len(self.members))
        drawn = [self.members[unit] for unit in units]
        rows = np.concatenate(drawn)
        ids = np.arange(len(rows)) if self.whole_ids else np.array([f"row-{place}" for place in range(len(rows))])
        sample = with_ids(self.truth, rows, ids)
        if self.queries is not None:
            copy = np.repeat(np.arange(len(drawn)), [len(part) for part in drawn])
            sample[self.query] = copy * (self.queries.max() + 1) + self.queries[rows]
        return rows, sample, ids


def with_ids(frame: pd.DataFrame, rows: np.ndarray, ids: np.ndarray) -> pd.DataFrame:
    """The rows at these positions, with new values in the first column."""
    sample = frame.take(rows)
    sample.index = pd.RangeIndex(len(rows))
    sample[frame.columns[0]] = ids
    return sample


def bootstrap(
    metric_class: type, draws: Draws, submissions: dict[int, pd.DataFrame], rounds: int, deadline: float
) -> dict[int, list[float | None]]:
    """Scores of every submission on the same resampled answers; stops at the deadline with the rounds it has."""
    identifier = draws.truth.columns[0]
    lined_up = {}
    for position, submission in submissions.items():
        try:
            order = matching_rows(submission[identifier], draws.truth[identifier])
            lined_up[position] = submission[[identifier, *submission.columns.drop(identifier)]].take(order)
        except (InvalidSubmissionError, ValueError, KeyError):
            continue  # A metric of free code may align otherwise: no bootstrap for such a submission.
    scores: dict[int, list[float | None]] = {position: [] for position in lined_up}
    for number in range(rounds if lined_up else 0):
        if time.monotonic() > deadline:
            break
        rows, sample, ids = draws.draw(number)
        for position, submission in lined_up.items():
            try:
                value = as_score(metric_class().evaluate(sample.copy(), with_ids(submission, rows, ids)))
            except (Exception, SystemExit):
                value = None
            scores[position].append(value)
    return scores


def outcome(name: str, status: str, value: float | None = None, message: str = "") -> dict[str, Any]:
    """A result without bootstrap."""
    return {"name": name, "status": status, "score": value, "message": message, "bootstrap": None}


def explain(error: BaseException) -> str:
    """The text of an error, bounded."""
    return (str(error) or type(error).__name__)[:MESSAGE_LENGTH]


if __name__ == "__main__":
    main()
