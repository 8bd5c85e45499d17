"""Checks every case and writes what failed to result.json."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from mledojo.metrics.base import InvalidSubmissionError
from smith_task.grade import load_metric
from smith_task.perfect import perfect_submission
from smith_task.reference import reference_score

from metric_properties.bad import bad_submissions
from metric_properties.cases import MODES, Case, from_csv, make_pair

LARGEST = 1e308


def main(job: Path = Path("/job"), out: Path = Path("/out")) -> None:
    """Runs all cases of /job/input.json."""
    request = json.loads((job / "input.json").read_text(encoding="utf-8"))
    report = []
    for case in request["cases"]:
        metric_class, classes = load_metric(job / "metrics" / case["file"])
        failures = [] if classes == 1 else [f"{classes} metric classes"]
        compared = 0
        for trial in range(request["trials"]):
            rng = np.random.default_rng([7, trial])
            mode = MODES[trial % len(MODES)]
            truth, guess = make_pair(case, mode, rng, written=trial % 2 == 0)
            compared += 1
            try:
                found = compare(case, metric_class(), truth, guess)
                if trial < request["thorough"]:
                    found += check_pair(case, metric_class(), mode, truth, guess, rng)
            except Exception as error:
                found = [f"{type(error).__name__}: {error}"]
            failures += [f"{mode}, trial {trial}: {text}" for text in found]
        refused, more = check_bad(case, metric_class())
        report.append(
            {"name": case["name"], "compared": compared, "refused": refused, "failures": (failures + more)[:20]}
        )
    (out / "result.json").write_text(json.dumps({"cases": report}), encoding="utf-8")


def compare(case: Case, metric: Any, truth: pd.DataFrame, guess: pd.DataFrame) -> list[str]:
    """Whether the score is the reference's, and the inputs are left alone."""
    failures = []
    before = truth.copy(deep=True), guess.copy(deep=True)
    metric.validate_submission(guess, truth)
    score = metric.evaluate(truth, guess)
    if not (truth.equals(before[0]) and guess.equals(before[1])):
        failures.append("the inputs were changed")
    expected = reference_score(case["metric"], case["parameters"], facts(case), truth, guess)
    if type(score) is not float or not math.isclose(score, expected, rel_tol=1e-9, abs_tol=1e-9):
        failures.append(f"scored {score!r}, the reference {expected!r}")
    return failures


def check_pair(
    case: Case, metric: Any, mode: str, truth: pd.DataFrame, guess: pd.DataFrame, rng: np.random.Generator
) -> list[str]:
    """What one random pair shows to be wrong with order, types, extremes and the perfect submission."""
    failures = []
    score = metric.evaluate(truth, guess)
    shuffled = guess.sample(frac=1, random_state=3), truth.sample(frac=1, random_state=4)
    if not math.isclose(metric.evaluate(shuffled[1], shuffled[0]), score, rel_tol=1e-9, abs_tol=1e-12):
        failures.append("the order of the rows matters")
    typed_otherwise = guess.assign(id=guess["id"].astype(float).astype(str))
    if metric.evaluate(truth, typed_otherwise) != score:
        failures.append("ids that were read as text give another score")
    if case["higherIsBetter"] != metric.higher_is_better:
        failures.append("the direction is not the catalogue's")
    if mode in ("plain", "many", "ties") and has_substance(case, truth):
        perfect = from_csv(perfect_submission(case["target"], case["submission"], case["auxiliary"], truth))
        best = metric.evaluate(truth, perfect)
        if not math.isclose(best, case["best"], abs_tol=1e-12):
            failures.append(f"a perfect submission scores {best!r}")
        if (score > best + 1e-12) if case["higherIsBetter"] else (score < best - 1e-12):
            failures.append(f"{score!r} beats a perfect submission's {best!r}")
    if case["submission"]["kind"] in ("value", "score", "scores"):
        for size in (LARGEST, -LARGEST, 1e200):
            extreme = guess.copy()
            for column in case["submission"]["columns"]:
                extreme[column] = np.where(rng.random(len(guess)) < 0.5, size, -size / 3)
            if not math.isfinite(metric.evaluate(truth, extreme)):
                failures.append(f"predictions of {size} give no finite score")
    return failures


def has_substance(case: Case, truth: pd.DataFrame) -> bool:
    """Whether the answers hold what the metric compares: two classes, a positive row, a comparable pair."""
    columns = case["target"]["columns"]
    if case["target"]["kind"] == "multilabel":
        known = truth[columns]
        return bool((known == 1).any().any() and any(known[name].dropna().nunique() == 2 for name in columns))
    if case["target"]["kind"] == "survival":
        events = truth[truth[case["auxiliary"][0]] == 1]
        return bool(len(events) and events[columns[0]].min() < truth[columns[0]].max())
    if case["target"]["kind"] == "relevance":
        return bool((truth[columns[0]] > 0).any())
    return truth[columns[0]].nunique() > 1


def check_bad(case: Case, metric: Any) -> tuple[int, list[str]]:
    """How many bad submissions were refused, and which were not, or not in the right words."""
    truth, guess = make_pair(case, "plain", np.random.default_rng(11), written=True)
    failures, refused = [], 0
    for name, submission, words in bad_submissions(case, truth, guess):
        for verb in ("validate_submission", "evaluate"):
            first, second = (submission, truth) if verb == "validate_submission" else (truth, submission)
            try:
                getattr(metric, verb)(first, second)
                failures.append(f"{verb} accepts a submission with {name}")
            except InvalidSubmissionError as error:
                refused += 1
                if words.lower() not in str(error).lower():
                    failures.append(f"{verb} refuses {name} with other words: {error}")
            except Exception as error:
                failures.append(f"{verb} crashes on {name}: {type(error).__name__}: {error}")
    return refused, failures


def facts(case: Case) -> dict[str, Any]:
    """What the reference needs to know of the target."""
    return {**case["target"], "auxiliary": case["auxiliary"]}


if __name__ == "__main__":
    main()
