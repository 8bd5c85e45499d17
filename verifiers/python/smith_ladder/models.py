"""The families of models: linear, boosted trees, random trees. Single-threaded and deterministic."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

SEED = 0
LINEAR_ROWS, BOOSTED_ROWS = 20_000, 30_000
MOST_ROUNDS = 150


@dataclass
class Goal:
    """What is fitted: `classes` > 0 gives probabilities, else a number under `loss`."""

    classes: int
    loss: str = "l2"  # l2, l1, quantile
    quantile: float = 0.5
    logarithm: bool = False


def sample_rows(rows: int, most: int) -> np.ndarray:
    """All rows, or a seeded sample of them in order."""
    if rows <= most:
        return np.arange(rows)
    return np.sort(np.random.default_rng(SEED).choice(rows, most, replace=False))


def linear(train: Any, y: np.ndarray, test: Any, goal: Goal) -> np.ndarray:
    """Ridge or logistic regression: probabilities (n, classes), or numbers (n,)."""
    rows = sample_rows(len(y), LINEAR_ROWS)
    train, y = train[rows], y[rows]
    if goal.classes > 0:
        return _logistic(train, y, test, goal.classes)
    from sklearn.linear_model import Ridge, RidgeCV

    target = np.log1p(np.maximum(y, 0)) if goal.logarithm else y
    center, spread = float(target.mean()), float(target.std()) or 1.0
    if train.shape[1] <= 300 and not hasattr(train, "tocsr"):
        model: Any = RidgeCV(alphas=(0.1, 1.0, 10.0, 100.0, 1000.0))
    elif train.shape[0] <= 1500 and not hasattr(train, "tocsr"):
        # More columns than rows need a strength of their own each.
        model = RidgeCV(alphas=(1.0, 10.0, 100.0, 1000.0, 10_000.0, 100_000.0))
    else:
        model = Ridge(alpha=3.0, solver="sparse_cg" if hasattr(train, "tocsr") else "cholesky", random_state=SEED)
    model.fit(train, (target - center) / spread)
    fitted = model.predict(train) * spread + center
    predicted = model.predict(test) * spread + center
    if goal.loss == "l1":
        predicted = predicted + np.median(target - fitted)
    if goal.loss == "quantile":
        predicted = predicted + np.quantile(target - fitted, goal.quantile)
    # A line has no bounds; the target does.
    margin = 0.1 * (target.max() - target.min())
    predicted = np.clip(predicted, target.min() - margin, target.max() + margin)
    return np.expm1(predicted) if goal.logarithm else predicted


def _logistic(train: Any, y: np.ndarray, test: Any, classes: int) -> np.ndarray:
    from sklearn.linear_model import LogisticRegression

    out = np.zeros((test.shape[0], classes))
    present = np.unique(y)
    if len(present) < 2:
        out[:, present[0] if len(present) else 0] = 1.0
        return out
    strength = 10.0 if hasattr(train, "tocsr") else 0.5
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = LogisticRegression(C=strength, max_iter=150 if len(present) < 20 else 40, random_state=SEED)
        model.fit(train, y)
    out[:, model.classes_.astype(int)] = model.predict_proba(test)
    return out


def discriminant(train: np.ndarray, y: np.ndarray, test: np.ndarray, classes: int) -> np.ndarray:
    """Linear discriminant analysis: probabilities (n, classes). It finds classes that a plane parts, which a penalty hides."""
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    rows = sample_rows(len(y), LINEAR_ROWS)
    model = LinearDiscriminantAnalysis()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(train[rows], y[rows])
    out = np.zeros((test.shape[0], classes))
    out[:, model.classes_.astype(int)] = model.predict_proba(test)
    return out


def boosted(
    train: np.ndarray,
    y: np.ndarray,
    test: np.ndarray,
    goal: Goal,
    categorical: list[int] | None = None,
    rounds: int = MOST_ROUNDS,
    weight: np.ndarray | None = None,
    held: tuple[np.ndarray, np.ndarray] | None = None,
) -> tuple[np.ndarray, int]:
    """LightGBM: predictions as `linear` gives them, and the number of rounds (the best on `held`, if given)."""
    import lightgbm

    rows = sample_rows(len(y), BOOSTED_ROWS)
    train, y = train[rows], y[rows]
    weight = None if weight is None else weight[rows]
    parameters: dict[str, Any] = {
        "objective": {"l2": "regression", "l1": "regression_l1", "quantile": "quantile"}[goal.loss],
        "alpha": goal.quantile,
        "learning_rate": 0.06,
        "num_leaves": 15 if len(y) < 2000 else 31,
        "min_data_in_leaf": int(np.clip(len(y) // 60, 3, 20)),
        "min_data_per_group": 10,
        "cat_smooth": 10,
        "lambda_l2": 1.0,
        "feature_fraction": 0.7,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "max_bin": 127,
        "num_threads": 1,
        "deterministic": True,
        "force_row_wise": True,
        "seed": SEED,
        "verbosity": -1,
    }
    if goal.classes == 2:
        parameters["objective"] = "binary"
    elif goal.classes > 2:
        parameters |= {"objective": "multiclass", "num_class": goal.classes, "num_leaves": 12}
        rounds = min(rounds, max(25, 900 // goal.classes))
    if len(y) * train.shape[1] > 2_000_000 or train.shape[1] > 300:
        parameters |= {"feature_fraction": 0.3, "max_bin": 63}
    target = np.log1p(np.maximum(y, 0)) if goal.logarithm else y
    options = {"free_raw_data": True, "params": {"verbosity": -1, "max_bin": parameters["max_bin"]}}
    data = lightgbm.Dataset(train, target, weight=weight, categorical_feature=categorical or "auto", **options)
    callbacks, valid = [], []
    if held is not None:
        other = np.log1p(np.maximum(held[1], 0)) if goal.logarithm else held[1]
        valid = [lightgbm.Dataset(held[0], other, reference=data, **options)]
        callbacks = [lightgbm.early_stopping(20, verbose=False)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = lightgbm.train(parameters, data, rounds, valid_sets=valid, callbacks=callbacks)
    predicted = model.predict(test, num_threads=1)
    if goal.classes == 2:
        predicted = np.column_stack([1 - predicted, predicted])
    if goal.logarithm:
        predicted = np.expm1(predicted)
    return predicted, int(model.best_iteration or rounds)


def random_trees(train: np.ndarray, y: np.ndarray, test: np.ndarray, goal: Goal) -> np.ndarray:
    """Extremely randomised trees (Geurts et al. 2006): predictions as `linear` gives them. On few rows they are often the best."""
    from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor

    options: dict[str, Any] = {"n_estimators": 60, "min_samples_leaf": 2, "max_features": 0.5, "random_state": SEED}
    if goal.classes > 0:
        model: Any = ExtraTreesClassifier(**options).fit(train, y)
        out = np.zeros((len(test), goal.classes))
        out[:, model.classes_.astype(int)] = model.predict_proba(test)
        return out
    target = np.log1p(np.maximum(y, 0)) if goal.logarithm else y
    predicted = ExtraTreesRegressor(**options).fit(train, target).predict(test)
    return np.expm1(predicted) if goal.logarithm else predicted
