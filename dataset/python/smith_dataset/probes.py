"""How well each column can be predicted from the others, and which are suspiciously easy."""

from __future__ import annotations

from typing import Any

import numpy as np

from .columns import Column
from .copies import Copies
from .dependencies import Dependencies
from .features import Features, build_features, linear_matrix, quantile_bins
from .learners import boosted, class_skill, r_squared, ridge
from .outcomes import likely_outcome
from .probe_targets import Target, choose_features, choose_targets, folds_of, make_target, sample_rows
from .text import finite
from .text_probes import ROWS as TEXT_ROWS
from .text_probes import is_content, kernel_of, text_gain

# Cells (rows × features × rounds × classes) that all boosted fits of one view may touch together.
BUDGET = 1.5e8

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
    rounds = int(np.clip(BUDGET / max(1, cost), 8, 30))
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
