"""How well each column can be predicted from the others, and which are suspiciously easy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .columns import Column
from .copies import Copies
from .dependencies import Dependencies
from .features import Features, build_features, linear_matrix, quantile_bins, usable
from .learners import boosted, class_skill, r_squared, ridge
from .outcomes import likely_outcome
from .text import finite
from .text_probes import ROWS as TEXT_ROWS
from .text_probes import is_content, kernel_of, text_gain

MAX_ROWS = 2000
MAX_COLUMNS = 60
MAX_TARGETS = 20
MAX_CLASSES = 20
# Cells (rows × features × rounds × classes) that all boosted fits of one view may touch together.
BUDGET = 1.5e8

REGRESSION = "R² out of fold: 0 the mean, 1 perfect"
LOGARITHM = "R² of log(1 + value) out of fold: 0 the mean, 1 perfect"
CLASSIFICATION = "balanced accuracy out of fold, rescaled: 0 chance, 1 perfect"


@dataclass
class Target:
    """A column made ready to be predicted: values, or codes of at most `MAX_CLASSES` frequent classes."""

    column: Column
    classes: int
    values: np.ndarray
    # Positions in the sample whose target is known (and of a frequent class).
    rows: np.ndarray
    measure: str


def make_target(column: Column, sample: np.ndarray) -> Target | None:
    """The target on the sampled rows, or None where it cannot be one."""
    codes = column.codes[sample]
    if column.type in ("integer", "number") and not (column.distinct <= 2 or column.labels and column.distinct <= 10):
        assert column.numbers is not None
        values = column.numbers[sample]
        rows = np.flatnonzero(np.isfinite(values))
        if len(rows) < 60 or len(np.unique(values[rows])) < 3:
            return None
        known = values[rows]
        deviation = known.std()
        skew = float(np.mean(((known - known.mean()) / deviation) ** 3)) if deviation > 0 else 0.0
        if skew > 2.5 and known.min() >= 0:
            return Target(column, 0, np.log1p(values), rows, LOGARITHM)
        return Target(column, 0, values, rows, REGRESSION)
    counts = np.bincount(codes[codes >= 0], minlength=column.distinct)
    frequent = [int(code) for code in np.argsort(-counts, kind="stable") if counts[code] >= 5][:MAX_CLASSES]
    if len(frequent) < 2:
        return None
    lookup = np.full(column.distinct + 1, -1)
    lookup[frequent] = np.arange(len(frequent))
    labels = lookup[codes]
    rows = np.flatnonzero(labels >= 0)
    if len(rows) < 60 or len(rows) < 0.1 * max(1, int(counts.sum())):
        return None
    measure = CLASSIFICATION if len(frequent) == np.sum(counts > 0) else f"{CLASSIFICATION}; the {len(frequent)} most frequent classes"
    return Target(column, len(frequent), labels, rows, measure)


def could_be_target(column: Column) -> bool:
    """Whether the column could conceivably be asked for."""
    if column.type in ("constant", "empty", "path", "text", "list", "datetime"):
        return False
    if column.flags & {"row_number", "weight", "json_like"} or {"unique", "identifier"} <= column.flags:
        return False
    if column.type == "string":
        return False
    if column.type == "category":
        return column.filled / column.distinct >= 5 or column.distinct <= 20
    return True


def choose_targets(columns: list[Column]) -> list[Column]:
    """At most `MAX_TARGETS` candidates: likely outcomes first, then documented, last and first columns."""
    candidates = [column for column in columns if could_be_target(column)]
    if len(candidates) <= MAX_TARGETS:
        return candidates
    place = {column.name: position for position, column in enumerate(candidates)}
    last = len(candidates) - 1

    def rank(column: Column) -> tuple[float, int]:
        position = place[column.name]
        score = 2.0 * likely_outcome(column)
        score += 1.5 if position == last else 0.7 if position >= last - 2 else 0.5 if position <= 1 else 0.0
        score += 0.5 if column.description else 0.0
        score -= 1.0 if column.missing > 0.5 else 0.0
        score -= 1.0 if column.flags & {"identifier", "time_like", "place_like", "group_like"} else 0.0
        return (-score, position)

    chosen = {column.name for column in sorted(candidates, key=rank)[:MAX_TARGETS]}
    return [column for column in candidates if column.name in chosen]


def choose_features(columns: list[Column], sample: np.ndarray, targets: list[Column]) -> list[Column]:
    """At most `MAX_COLUMNS` columns; in a wider table those that go best with the likely targets."""
    candidates = [column for column in columns if usable(column)]
    if len(candidates) <= MAX_COLUMNS:
        return candidates
    wanted = [column for column in targets if column.codes.size][:5]
    scores = np.zeros(len(candidates))
    goals = []
    for column in wanted:
        if column.numbers is not None:
            goals.append(_standard(column.numbers[sample]))
        else:
            for code in np.argsort(-column.counts, kind="stable")[:10]:
                goals.append(_standard((column.codes[sample] == code).astype(float)))
    for position, column in enumerate(candidates):
        values = column.numbers[sample] if column.numbers is not None else column.codes[sample].astype(float)
        standard = _standard(values)
        scores[position] = max((abs(float(standard @ goal)) for goal in goals), default=float(np.std(standard)))
    keep = {int(position) for position in np.argsort(-scores, kind="stable")[:MAX_COLUMNS]}
    return [column for position, column in enumerate(candidates) if position in keep]


def _standard(values: np.ndarray) -> np.ndarray:
    known = np.isfinite(values)
    if not known.any():
        return np.zeros(len(values))
    filled = np.where(known, values, values[known].mean())
    deviation = filled.std()
    return (filled - filled.mean()) / deviation if deviation > 0 else np.zeros(len(values))


def sample_rows(rows: int, ordered: bool) -> np.ndarray:
    """At most `MAX_ROWS` positions in file order, drawn with a fixed seed; evenly spaced when time matters."""
    if rows <= MAX_ROWS:
        return np.arange(rows)
    if ordered:
        return np.unique(np.linspace(0, rows - 1, MAX_ROWS).astype(int))
    return np.sort(np.random.default_rng(20).choice(rows, MAX_ROWS, replace=False))


def folds_of(target: Target, ordered: bool) -> list[tuple[np.ndarray, np.ndarray]]:
    """Pairs of train and test positions: later after earlier for ordered rows, else shuffled (by class)."""
    rows = target.rows
    if ordered:
        cuts = [int(len(rows) * share) for share in (0.5, 0.75, 1.0)]
        return [(rows[: cuts[0]], rows[cuts[0] : cuts[1]]), (rows[: cuts[1]], rows[cuts[1] : cuts[2]])]
    number = 3 if len(rows) < 1000 else 2
    shuffled = np.random.default_rng(7).permutation(rows)
    if target.classes:
        shuffled = shuffled[np.argsort(target.values[shuffled], kind="stable")]
    part = np.arange(len(shuffled)) % number
    return [(np.sort(shuffled[part != fold]), np.sort(shuffled[part == fold])) for fold in range(number)]


def _prior(target: Target, train: np.ndarray) -> np.ndarray:
    return np.bincount(target.values[train].astype(int), minlength=target.classes) / len(train)


def joint_gain(features: Features, positions: list[int], target: Target, folds: list[tuple[np.ndarray, np.ndarray]], rounds: int) -> float:
    """The better of boosted trees and ridge regression on all the features together."""
    if not positions:
        return 0.0
    linear = linear_matrix(features, positions)
    if linear.shape[1] > 200:
        linear = linear[:, :200]
    matrix = features.matrix[:, positions]
    categorical = [index for index, position in enumerate(positions) if features.categorical[position]]
    best = []
    for learner in ("trees", "ridge"):
        truths, predictions, constants = [], [], []
        for train, test in folds:
            labels = target.values[train]
            if learner == "trees":
                if rounds == 0:
                    continue
                predicted = boosted(matrix[train], labels, matrix[test], target.classes, categorical, rounds)
            else:
                predicted = _ridge(target, linear[train], labels, linear[test], train)
            truths.append(target.values[test])
            if target.classes:
                prior = _prior(target, train)
                predictions.append(predicted / np.maximum(prior, 1e-9) if learner == "trees" else predicted)
            else:
                predictions.append(predicted)
                constants.append(np.full(len(test), labels.mean()))
        if truths:
            best.append(_score(target, truths, predictions, constants))
    return max(best)


def _ridge(target: Target, train_x: np.ndarray, labels: np.ndarray, test_x: np.ndarray, train: np.ndarray) -> np.ndarray:
    if train_x.shape[1] > 60 and len(train_x) > 800:
        # Half of the rows cost half and say nearly as much.
        train_x, labels, train = train_x[::2], labels[::2], train[::2]
    if not target.classes:
        return ridge(train_x, labels[:, None], test_x)[:, 0]
    # Equal weight for each class, so that scores compare as they are.
    weights = 1 / np.maximum(_prior(target, train), 1e-9)[labels.astype(int)]
    return ridge(train_x, np.eye(target.classes)[labels.astype(int)], test_x, weights)


def _score(target: Target, truths: list[np.ndarray], predictions: list[np.ndarray], constants: list[np.ndarray]) -> float:
    truth = np.concatenate(truths)
    if target.classes:
        return class_skill(truth.astype(int), np.concatenate(predictions), np.ones(target.classes))
    return r_squared(truth, np.concatenate(predictions), np.concatenate(constants))


def single_gain(bins: np.ndarray, size: int, target: Target, folds: list[tuple[np.ndarray, np.ndarray]]) -> float:
    """Gain of the mean (or the class shares) within each bin of one feature."""
    truths, predictions, constants = [], [], []
    for train, test in folds:
        labels = target.values[train]
        seen = bins[train]
        count = np.bincount(seen, minlength=size)
        if target.classes:
            classes = target.classes
            table = np.bincount(seen * classes + labels.astype(int), minlength=size * classes).reshape(size, classes)
            prior = _prior(target, train)
            predictions.append(((table + 2 * prior) / (count[:, None] + 2))[bins[test]] / np.maximum(prior, 1e-9))
        else:
            mean = labels.mean()
            total = np.bincount(seen, weights=labels, minlength=size)
            predictions.append(((total + 2 * mean) / (count + 2))[bins[test]])
            constants.append(np.full(len(test), mean))
        truths.append(target.values[test])
    return _score(target, truths, predictions, constants)


def run_probes(columns: list[Column], ordered: bool = False, labels: list[str] | None = None) -> list[dict[str, Any]]:
    """`Probe` of the survey's schema for each possible target. `labels` belong together: none is known where another is asked."""
    rows = columns[0].rows if columns else 0
    if rows < 60:
        return []
    sample = sample_rows(rows, ordered)
    chosen = choose_targets(columns)
    block = set(labels or [])
    chosen_features = choose_features(columns, sample, chosen)
    features = build_features(chosen_features, sample)
    dependencies = Dependencies(chosen_features, sample)
    copying = Copies(chosen_features, sample)
    position_bins, position_size = quantile_bins(sample.astype(float), int(max(5, min(50, len(sample) // 12))))
    prepared = [(column, target) for column in chosen if (target := make_target(column, sample)) is not None]
    width = max(1, features.matrix.shape[1])
    cost = sum(len(target.rows) * width * max(1, target.classes if target.classes > 2 else 1) for _, target in prepared) * 2
    rounds = int(np.clip(BUDGET / max(1, cost), 8, 40))
    results: list[dict[str, Any]] = []
    for column, target in prepared:
        folds = folds_of(target, ordered)
        copies = copying.of(column)
        determined = dependencies.determining(column, set(copies))
        together = block if column.name in block else set()
        hidden = {column.name, *together, *copies, *(names[0] for names in determined if len(names) == 1)}
        positions = features.without({column.name, *together})
        singles: dict[str, float] = {}
        for position in positions:
            gain = single_gain(features.bins[:, position], features.bin_counts[position] + 1, target, folds)
            owner = features.owners[position]
            singles[owner] = max(singles.get(owner, -1.0), gain)
        best = sorted(singles.items(), key=lambda item: -item[1])[:5]
        gain = joint_gain(features, features.without(hidden), target, folds, rounds)
        results.append(
            {
                "column": column.name,
                "kind": "classification" if target.classes else "regression",
                "gain": finite(max(-1.0, gain)),
                "measure": target.measure,
                "singles": [{"column": name, "gain": finite(max(-1.0, value))} for name, value in best if value > 0],
                "determinedBy": determined,
                "copies": copies,
                "orderGain": finite(max(-1.0, single_gain(position_bins, position_size + 1, target, _shuffled(target)))),
                "rows": len(target.rows),
            }
        )
    _add_text(columns, prepared, results, 12 if block else 6)
    return results


def _add_text(columns: list[Column], prepared: list[tuple[Column, Target]], results: list[dict[str, Any]], limit: int) -> None:
    """Texts are no features of trees: each gets its own gain for the likeliest targets, and raises the joint one."""
    texts = [column for column in columns if is_content(column)][:2]
    if not texts:
        return
    chosen = sorted(range(len(prepared)), key=lambda at: (-likely_outcome(prepared[at][0]) - (prepared[at][1].classes > 0), at))[:limit]
    for text in texts:
        rows = sample_rows(text.rows, False)
        if len(rows) > TEXT_ROWS:
            rows = np.sort(np.random.default_rng(20).choice(rows, TEXT_ROWS, replace=False))
        kernel = kernel_of(text, rows)
        for at in sorted(chosen):
            column, result = prepared[at][0], results[at]
            target = make_target(column, rows)
            if column is text or target is None:
                continue
            gain = finite(max(-1.0, text_gain(kernel[np.ix_(target.rows, target.rows)], target.values[target.rows], target.classes)))
            others = [single for single in result["singles"] if single["column"] != text.name]
            result["singles"] = sorted([*others, {"column": text.name, "gain": gain}], key=lambda single: -single["gain"])[:5] if gain > 0 else others
            result["gain"] = max(result["gain"], gain)


def _shuffled(target: Target) -> list[tuple[np.ndarray, np.ndarray]]:
    return folds_of(target, False)
