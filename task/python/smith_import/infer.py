"""What a task asks, inferred from its tables: id, targets, what they hold, what a submission holds."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pandas as pd

from smith_import.find import NotFound
from smith_import.tables import numbers, plain

# Metrics that want a number for each row although the target is a class.
_WANTS_SCORES = re.compile(r"auc|roc|gini|log[ _-]?loss|cross[ _-]?entropy|brier|average[ _-]?precision|probabilit", re.IGNORECASE)
_WANTS_NUMBERS = re.compile(r"rmse|rmsle|mae\b|mse|error|r2|r\^2|pearson|spearman|deviation|squared", re.IGNORECASE)
MOST_CLASSES = 20


@dataclass
class Question:
    """What is asked; every name is a column of the tables."""

    id: str
    targets: list[str]
    kind: str
    labels: list[str] | None
    columns: list[str]
    submission: str
    auxiliary: list[str]
    # Answers in one column for each label, which stand in train as one column of labels.
    one_hot: list[str] = field(default_factory=list)


def infer(
    train: pd.DataFrame,
    test: pd.DataFrame | None,
    sample: pd.DataFrame,
    answers: pd.DataFrame,
    given: dict[str, object],
    metric: dict[str, object],
) -> Question:
    identifier = find_id(sample, answers, given.get("id"))
    shown = set() if test is None else set(test.columns)
    asked = [name for name in sample.columns if name != identifier and not _repeats(name, identifier, sample, test)]
    targets = [str(name) for name in given.get("targets") or []] or _targets(identifier, asked, train, answers, shown)
    one_hot: list[str] = []
    if targets and not set(targets) & set(train.columns):
        label = _label_column(train, targets, shown)
        if label is not None:
            one_hot, targets = targets, [label]
    if not targets:
        label = _label_column(train, asked, shown)
        if label is None or label not in answers.columns:
            raise NotFound("the target cannot be told from the tables: name it with --target")
        targets = [label]
    for name in targets:
        if name not in train.columns:
            raise NotFound(f"the table of training rows has no column {name!r}: name the target with --target")
    kind = _kind(train, targets, metric)
    labels = _labels(train[targets[0]]) if kind in {"category", "ordinal"} else None
    columns, submission = _submission(kind, targets, labels, asked, sample, metric)
    extra = [name for name in answers.columns if name not in {identifier, *targets, *one_hot} and name not in shown]
    wanted = given.get("auxiliary")
    return Question(
        identifier, targets, kind, labels, columns, submission, extra if wanted is None else [str(name) for name in wanted], one_hot
    )


def find_id(sample: pd.DataFrame, answers: pd.DataFrame, given: object) -> str:
    """The column that names rows: the one given, else the first that sample and answers share and that is unique."""
    if given is not None:
        if given not in sample.columns or given not in answers.columns:
            raise NotFound(f"sample submission and answers must both have the id column {given!r}")
        return str(given)
    shared = [name for name in sample.columns if name in answers.columns]
    for name in shared:
        if sample[name].is_unique and answers[name].is_unique:
            return str(name)
    if shared and sample.columns[0] == shared[0]:
        return str(shared[0])  # repeated ids are for the checks to find
    raise NotFound("sample submission and answers share no column that could be the id: name it with --id")


def _repeats(name: str, identifier: str, sample: pd.DataFrame, test: pd.DataFrame | None) -> bool:
    """Whether a column of the sample only repeats one of the test table."""
    if test is None or name not in test.columns or identifier not in test.columns or not test[identifier].is_unique:
        return False
    known = sample[identifier].map(test.set_index(identifier)[name])
    return bool((known == sample[name]).all()) and sample[name].nunique() > 1


def _targets(identifier: str, asked: list[str], train: pd.DataFrame, answers: pd.DataFrame, shown: set[str]) -> list[str]:
    found = [name for name in asked if name in answers.columns]
    if len(found) >= 2 and all(_is_flag(answers[name]) for name in found):
        # Labels of a multi-label task that the sample submission has lost.
        found += [
            name
            for name in answers.columns
            if name in train.columns and name not in {identifier, *found} and name not in shown and _is_flag(answers[name])
        ]
    return [name for name in answers.columns if name in found]


def _is_flag(values: pd.Series) -> bool:
    return set(values.map(plain)) <= {"0", "1", ""}


def _label_column(train: pd.DataFrame, labels: list[str], shown: set[str]) -> str | None:
    """The column of train whose values name the columns of a submission."""
    wanted = {plain(label) for label in labels}
    if len(wanted) < 2:
        return None
    for name in train.columns:
        if name in shown:
            continue
        values = {plain(value) for value in train[name].unique()} - {""}
        if len(values & wanted) >= max(2, len(wanted) // 2):
            return str(name)
    return None


def _kind(train: pd.DataFrame, targets: list[str], metric: dict[str, object]) -> str:
    declared = metric.get("kind")
    if isinstance(declared, str):
        return declared
    if len(targets) > 1:
        return "multilabel" if all(_is_flag(train[name]) for name in targets) else "other"
    values = train[targets[0]]
    known = values[values.str.strip() != ""]
    parsed = numbers(known)
    if parsed.isna().mean() > 0.01:
        return "category" if known.nunique() <= max(MOST_CLASSES, len(known) // 5) else "other"
    title = str(metric.get("title") or "")
    whole = bool((parsed.dropna() % 1 == 0).all())
    if parsed.nunique() == 2 or (whole and parsed.nunique() <= MOST_CLASSES and not _WANTS_NUMBERS.search(title)):
        return "category"
    return "number"


def _labels(values: pd.Series) -> list[str]:
    """Labels in order, those that mean yes last."""
    labels = [label for label in values.unique() if label.strip() != ""]
    parsed = {label: numbers(pd.Series([label]))[0] for label in labels}
    if all(number == number for number in parsed.values()):
        return sorted(labels, key=lambda label: (parsed[label], label))
    return sorted(labels)


def _submission(
    kind: str, targets: list[str], labels: list[str] | None, asked: list[str], sample: pd.DataFrame, metric: dict[str, object]
) -> tuple[list[str], str]:
    declared = metric.get("submission")
    if isinstance(declared, str):
        return (labels or [] if declared == "probabilities" else targets), declared
    title = str(metric.get("title") or "")
    if kind == "multilabel":
        flags = all(_is_flag(sample[name]) for name in asked if name in sample.columns)
        return targets, "labels" if flags and not _WANTS_SCORES.search(title) else "scores"
    if kind in {"category", "ordinal"} and labels is not None:
        if len(asked) > 1 and len({plain(name) for name in asked} & {plain(label) for label in labels}) >= 2:
            return asked, "probabilities"
        known = {plain(label) for label in labels}
        values = [plain(value) for name in asked[:1] for value in sample[name].unique()]
        if len(labels) == 2 and (_WANTS_SCORES.search(title) or not set(values) <= known):
            return targets, "score"
        return targets, "label"
    if kind == "number":
        return targets, "value"
    return [name for name in asked if name in sample.columns] or targets, "other"
