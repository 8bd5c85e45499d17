"""Small learners for probes: gradient boosting without scikit-learn, ridge, and binned means."""

from __future__ import annotations

import sys
import warnings
from types import ModuleType

import numpy as np

_BLOCKED = ("sklearn", "matplotlib", "graphviz", "dask", "dask.array", "dask.dataframe", "dask.distributed")


def import_lightgbm() -> ModuleType:
    """LightGBM's own interface. Hiding its optional companions saves most of a second of import."""
    if "lightgbm" not in sys.modules:
        hidden = [name for name in _BLOCKED if name not in sys.modules]
        for name in hidden:
            sys.modules[name] = None  # type: ignore[assignment]
        try:
            import lightgbm  # noqa: F401
        finally:
            for name in hidden:
                del sys.modules[name]
    return sys.modules["lightgbm"]


def boosted(
    train_x: np.ndarray,
    train_y: np.ndarray,
    test_x: np.ndarray,
    classes: int,
    categorical: list[int],
    rounds: int,
) -> np.ndarray:
    """Predictions of small boosted trees: values (classes = 0) or probabilities of shape (rows, classes)."""
    lightgbm = import_lightgbm()
    parameters = {
        "objective": "l2" if classes == 0 else "binary" if classes == 2 else "multiclass",
        "num_leaves": 8,
        "learning_rate": 0.2,
        "min_data_in_leaf": int(max(3, min(20, len(train_x) // 40))),
        "max_bin": 31,
        "cat_smooth": 10,
        "verbosity": -1,
        "num_threads": 1,
        "seed": 1,
        "deterministic": True,
        "force_col_wise": True,
    }
    if classes > 2:
        parameters["num_class"] = classes
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = lightgbm.Dataset(
            train_x,
            label=train_y,
            params={**parameters, "bin_construct_sample_cnt": 3000},
            categorical_feature=categorical,
            free_raw_data=True,
        )
        # Round by round: `lightgbm.train` copies the settings each time, and writes the model out and reads it back.
        model = lightgbm.Booster(parameters, data)
        for _ in range(rounds):
            if model.update():
                break
        predicted = model.predict(test_x, num_threads=1)
    if classes == 2:
        return np.column_stack([1 - predicted, predicted])
    return np.asarray(predicted)


def ridge(
    train_x: np.ndarray, train_y: np.ndarray, test_x: np.ndarray, weights: np.ndarray | None = None
) -> np.ndarray:
    """Ridge regression on columns without gaps; `train_y` may have several columns, rows may have weights."""
    share = np.full(len(train_x), 1 / len(train_x)) if weights is None else weights / weights.sum()
    centre = share @ train_x
    x = train_x - centre
    scale = np.sqrt(share @ x**2)
    scale[scale < 1e-9] = 1.0
    x = x / scale
    mean = share @ train_y
    weighted = x * share[:, None]
    gram = weighted.T @ x
    gram[np.diag_indices_from(gram)] += max(0.002, 1.0 / len(train_x) ** 0.5 / 4)
    slopes = np.linalg.solve(gram, weighted.T @ (train_y - mean))
    return np.clip((test_x - centre) / scale, -8, 8) @ slopes + mean


def r_squared(truth: np.ndarray, predicted: np.ndarray, constant: np.ndarray | float) -> float:
    """1 − squared error / squared error of the constant."""
    worst = float(np.sum((truth - constant) ** 2))
    if worst <= 0:
        return 0.0
    return 1.0 - float(np.sum((truth - predicted) ** 2)) / worst


def class_skill(truth: np.ndarray, scores: np.ndarray, prior: np.ndarray) -> float:
    """Balanced accuracy of the class with the highest score relative to its prior; 0 chance, 1 perfect."""
    chosen = np.argmax(scores / np.maximum(prior, 1e-9), axis=1)
    counts = np.bincount(truth, minlength=len(prior))
    hits = np.bincount(truth[chosen == truth], minlength=len(prior))
    present = counts > 0
    size = int(present.sum())
    if size < 2:
        return 0.0
    recall = float(np.mean(hits[present] / counts[present]))
    return (recall - 1 / size) / (1 - 1 / size)
