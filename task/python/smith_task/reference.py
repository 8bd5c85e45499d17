"""Every metric of the catalogue a second time, through scikit-learn and scipy where they have it.

Written apart from the pieces of `metric.py`, and used by trusted processes to check what a task's metric returns.
Nothing is validated: the submission is taken to be sound.
"""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

Facts = dict[str, Any]


def reference_score(
    metric: str, parameters: dict[str, float], target: Facts, truth: pd.DataFrame, prediction: pd.DataFrame
) -> float:
    """Score of a sound submission.

    `target` has `columns` (of the truth), `labels` (or None) and `auxiliary` (columns of the answers that a
    submission lacks). The first column of `truth` is the id. KeyError for a metric that has no reference.
    """
    identifier = str(truth.columns[0])
    left = truth.assign(**{identifier: truth[identifier].map(_text)}).set_index(identifier)
    right = prediction.assign(**{identifier: prediction[identifier].map(_text)}).set_index(identifier)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scikit-learn warns of absent classes; docs/metrics.md says what they mean.
        return float(REFERENCES[metric](left, right.loc[left.index], target, parameters))


def _text(value: object) -> str:
    """1, 1.0 and "1" as "1", True and "TRUE" as "true"."""
    if isinstance(value, (bool, np.bool_)):
        return str(value).lower()
    try:
        number = float(str(value))
    except ValueError:
        return {"true": "true", "false": "false"}.get(str(value).strip().lower(), str(value).strip())
    return f"{number:.0f}" if number == round(number) and abs(number) < 2**53 else repr(number)


def _codes(values: pd.Series, labels: list[str]) -> np.ndarray:
    position = {_text(label): code for code, label in enumerate(labels)}
    return values.map(lambda value: position[_text(value)]).to_numpy(dtype=int)


def _labels(score: Callable[..., float]) -> Callable[..., float]:
    def reference(truth: pd.DataFrame, prediction: pd.DataFrame, target: Facts, parameters: Facts) -> float:
        column, labels = target["columns"][0], target["labels"]
        return score(_codes(truth[column], labels), _codes(prediction[column], labels), len(labels))

    return reference


def _values(score: Callable[..., float]) -> Callable[..., float]:
    def reference(truth: pd.DataFrame, prediction: pd.DataFrame, target: Facts, parameters: Facts) -> float:
        column = target["columns"][0]
        return score(truth[column].to_numpy(float), prediction[column].to_numpy(float), **parameters)

    return reference


def _accuracy(truth: np.ndarray, guess: np.ndarray, classes: int) -> float:
    from sklearn.metrics import accuracy_score

    return accuracy_score(truth, guess)


def _balanced_accuracy(truth: np.ndarray, guess: np.ndarray, classes: int) -> float:
    from sklearn.metrics import recall_score

    present = sorted(set(truth.tolist()))
    return recall_score(truth, guess, labels=present, average="macro", zero_division=0)


def _macro_f1(truth: np.ndarray, guess: np.ndarray, classes: int) -> float:
    from sklearn.metrics import f1_score

    return f1_score(truth, guess, average="macro", zero_division=0)


def _f1(truth: np.ndarray, guess: np.ndarray, classes: int) -> float:
    from sklearn.metrics import f1_score

    return f1_score(truth == classes - 1, guess == classes - 1, zero_division=0)


def _kappa(truth: np.ndarray, guess: np.ndarray, classes: int) -> float:
    from sklearn.metrics import cohen_kappa_score

    if len(set(truth.tolist()) | set(guess.tolist())) == 1:
        return 1.0
    return cohen_kappa_score(truth, guess, weights="quadratic", labels=list(range(classes)))


def _matthews(truth: np.ndarray, guess: np.ndarray, classes: int) -> float:
    from sklearn.metrics import matthews_corrcoef

    return matthews_corrcoef(truth, guess)


def _rmse(truth: np.ndarray, guess: np.ndarray) -> float:
    from sklearn.metrics import root_mean_squared_error

    return root_mean_squared_error(truth, guess)


def _mae(truth: np.ndarray, guess: np.ndarray) -> float:
    from sklearn.metrics import mean_absolute_error

    return mean_absolute_error(truth, guess)


def _rmsle(truth: np.ndarray, guess: np.ndarray) -> float:
    from sklearn.metrics import root_mean_squared_log_error

    return root_mean_squared_log_error(truth, np.where(guess < 0, 0.0, guess))


def _mape(truth: np.ndarray, guess: np.ndarray) -> float:
    from sklearn.metrics import mean_absolute_error, mean_absolute_percentage_error

    counted = np.flatnonzero(truth)
    if len(counted) == 0:
        return mean_absolute_error(truth, guess)
    return mean_absolute_percentage_error(truth[counted], guess[counted])


def _smape(truth: np.ndarray, guess: np.ndarray) -> float:
    errors = []
    for value, estimate in zip(truth.tolist(), guess.tolist(), strict=True):
        size = (abs(value) + abs(estimate)) / 2
        errors.append(abs(value - estimate) / size if size else 0.0)
    return sum(errors) / len(errors)


def _mase(truth: pd.DataFrame, prediction: pd.DataFrame, target: Facts, parameters: Facts) -> float:
    from sklearn.metrics import mean_absolute_error

    column, scale = target["columns"][0], truth[target["auxiliary"][0]].to_numpy(float)
    weights = [1 / value if value > 0 else 1.0 for value in scale.tolist()]
    plain = mean_absolute_error(truth[column], prediction[column], sample_weight=weights)
    return plain * sum(weights) / len(weights)


def _r2(truth: np.ndarray, guess: np.ndarray) -> float:
    from sklearn.metrics import r2_score

    if len(truth) < 2:
        return 1.0 if truth[0] == guess[0] else 0.0
    return r2_score(truth, guess)


def _spearman(truth: np.ndarray, guess: np.ndarray) -> float:
    from scipy.stats import spearmanr

    if len(set(truth.tolist())) < 2 or len(set(guess.tolist())) < 2:
        return 0.0
    return spearmanr(truth, guess).statistic


def _pinball(truth: np.ndarray, guess: np.ndarray, quantile: float) -> float:
    from sklearn.metrics import mean_pinball_loss

    return mean_pinball_loss(truth, guess, alpha=quantile)


def _area(positive: np.ndarray, score: np.ndarray) -> float | None:
    from sklearn.metrics import roc_auc_score

    return None if len(set(positive.tolist())) < 2 else roc_auc_score(positive, score)


def _roc_auc(truth: pd.DataFrame, prediction: pd.DataFrame, target: Facts, parameters: Facts) -> float:
    column, labels = target["columns"][0], target["labels"]
    area = _area(_codes(truth[column], labels) == 1, prediction[column].to_numpy(float))
    return 0.5 if area is None else area


def _normalised(prediction: pd.DataFrame, labels: list[str]) -> np.ndarray:
    from sklearn.preprocessing import normalize

    return normalize(prediction[labels].to_numpy(float), norm="l1")


def _per_label(
    truth: pd.DataFrame, prediction: pd.DataFrame, target: Facts, score: Callable[..., float | None], empty: float
) -> float:
    scores = []
    for column in target["columns"]:
        known = truth[column].notna()
        scores.append(score(truth.loc[known, column].to_numpy() == 1, prediction.loc[known, column].to_numpy(float)))
    defined = [value for value in scores if value is not None]
    return sum(defined) / len(defined) if defined else empty


def _roc_auc_macro(truth: pd.DataFrame, prediction: pd.DataFrame, target: Facts, parameters: Facts) -> float:
    if not target["labels"] or len(target["columns"]) > 1:
        return _per_label(truth, prediction, target, _area, 0.5)
    codes = _codes(truth[target["columns"][0]], target["labels"])
    shares = _normalised(prediction, target["labels"])
    areas = [_area(codes == code, shares[:, code]) for code in range(len(target["labels"]))]
    defined = [area for area in areas if area is not None]
    return sum(defined) / len(defined) if defined else 0.5


def _precision(positive: np.ndarray, score: np.ndarray) -> float | None:
    from sklearn.metrics import average_precision_score

    return average_precision_score(positive, score) if positive.any() else None


def _average_precision(truth: pd.DataFrame, prediction: pd.DataFrame, target: Facts, parameters: Facts) -> float:
    if not target["labels"] or len(target["columns"]) > 1:
        return _per_label(truth, prediction, target, _precision, 0.0)
    column, labels = target["columns"][0], target["labels"]
    return _precision(_codes(truth[column], labels) == 1, prediction[column].to_numpy(float)) or 0.0


def _log_loss(truth: pd.DataFrame, prediction: pd.DataFrame, target: Facts, parameters: Facts) -> float:
    from scipy.special import xlogy

    labels = target["labels"]
    shares = _normalised(prediction, labels)
    hits = pd.get_dummies(pd.Categorical.from_codes(_codes(truth[target["columns"][0]], labels), categories=labels))
    losses = -xlogy(hits.to_numpy(float), np.maximum(shares, 1e-15)).sum(axis=1)
    return losses.mean()


def _concordance(truth: pd.DataFrame, prediction: pd.DataFrame, target: Facts, parameters: Facts) -> float:
    column = target["columns"][0]
    rows = list(zip(truth[column], truth[target["auxiliary"][0]], prediction[column], strict=True))
    good = pairs = 0.0
    for time, event, risk in rows:
        if event != 1:
            continue
        for other_time, other_event, other_risk in rows:
            if other_time > time or (other_time == time and other_event != 1):
                pairs += 1
                good += 1.0 if risk > other_risk else 0.5 if risk == other_risk else 0.0
    return good / pairs if pairs else 0.5


def _ndcg(truth: pd.DataFrame, prediction: pd.DataFrame, target: Facts, parameters: Facts) -> float:
    column, scores = target["columns"][0], []
    for _, part in truth.groupby(target["auxiliary"][0]):
        gains = 2.0 ** part[column].to_numpy(float) - 1
        if gains.max() > 0:
            guess = prediction.loc[part.index, column].to_numpy(float)
            scores.append(_discounted(gains, guess, parameters) / _discounted(gains, gains, parameters))
    return float(np.mean(scores)) if scores else 0.0


def _discounted(gains: np.ndarray, guess: np.ndarray, parameters: Facts) -> float:
    from sklearn.metrics import dcg_score

    # A last row without gain changes nothing, and scikit-learn refuses a single row.
    padded, ranked = [*gains, 0.0], [*guess, guess.min() - 1]
    return dcg_score([padded, padded], [ranked, ranked], k=int(parameters["k"]))


def _map(truth: pd.DataFrame, prediction: pd.DataFrame, target: Facts, parameters: Facts) -> float:
    column, k, scores = target["columns"][0], int(parameters["k"]), []
    for _, part in truth.groupby(target["auxiliary"][0]):
        guess = prediction.loc[part.index, column]
        ranked = sorted(zip(-guess, part[column] > 0, strict=True))[:k]
        relevant = int((part[column] > 0).sum())
        hits, total = 0, 0.0
        for place, (_, is_relevant) in enumerate(ranked, start=1):
            if is_relevant:
                hits += 1
                total += hits / place
        if relevant:
            scores.append(total / min(relevant, k))
    return sum(scores) / len(scores) if scores else 0.0


def _stacked(truth: pd.DataFrame, prediction: pd.DataFrame, target: Facts) -> tuple[pd.Series, pd.Series]:
    known = truth[target["columns"]].stack().dropna()
    return known.astype(int), prediction[target["columns"]].stack().loc[known.index].astype(int)


def _hamming(truth: pd.DataFrame, prediction: pd.DataFrame, target: Facts, parameters: Facts) -> float:
    from sklearn.metrics import zero_one_loss

    known, guess = _stacked(truth, prediction, target)
    return zero_one_loss(known, guess) if len(known) else 0.0


def _micro_f1(truth: pd.DataFrame, prediction: pd.DataFrame, target: Facts, parameters: Facts) -> float:
    from sklearn.metrics import f1_score

    known, guess = _stacked(truth, prediction, target)
    return f1_score(known, guess, zero_division=0) if len(known) else 0.0


REFERENCES: dict[str, Callable[[pd.DataFrame, pd.DataFrame, Facts, Facts], float]] = {
    "accuracy": _labels(_accuracy),
    "balanced_accuracy": _labels(_balanced_accuracy),
    "macro_f1": _labels(_macro_f1),
    "f1": _labels(_f1),
    "roc_auc": _roc_auc,
    "roc_auc_macro": _roc_auc_macro,
    "average_precision": _average_precision,
    "log_loss": _log_loss,
    "quadratic_weighted_kappa": _labels(_kappa),
    "matthews_correlation": _labels(_matthews),
    "rmse": _values(_rmse),
    "mae": _values(_mae),
    "rmsle": _values(_rmsle),
    "mape": _values(_mape),
    "smape": _values(_smape),
    "mase": _mase,
    "r2": _values(_r2),
    "spearman": _values(_spearman),
    "pinball": _values(_pinball),
    "concordance_index": _concordance,
    "ndcg": _ndcg,
    "map": _map,
    "hamming": _hamming,
    "micro_f1": _micro_f1,
}
