"""Columns to matrices: one form for linear models, one for trees. Everything is learned on the train rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from smith_task.prepare.values import parse_dates

MOST_LEVELS = 40
MOST_COLUMNS = 1500
MOST_TERMS = 20_000
COMPONENTS = 16


@dataclass
class Matrices:
    """Rows of train and test: `linear` scaled and without gaps (perhaps sparse), `trees` raw with NaN."""

    linear_train: sparse.csr_matrix | np.ndarray
    linear_test: sparse.csr_matrix | np.ndarray
    trees_train: np.ndarray
    trees_test: np.ndarray
    categorical: list[int]
    has_text: bool


def build_matrices(train: pd.DataFrame, test: pd.DataFrame, features: list[str], extra: tuple[np.ndarray, np.ndarray] | None = None) -> Matrices:
    """Matrices of the given columns, and of extra numeric columns (features of files)."""
    numeric: list[tuple[np.ndarray, np.ndarray]] = []
    one_hot: list[tuple[sparse.csr_matrix, sparse.csr_matrix]] = []
    codes: list[tuple[np.ndarray, np.ndarray]] = []
    texts: list[tuple[sparse.csr_matrix, sparse.csr_matrix]] = []
    for name in features[:MOST_COLUMNS]:
        left, right = train[name], test[name]
        if pd.api.types.is_numeric_dtype(left) and pd.api.types.is_numeric_dtype(right):
            numeric.append((left.to_numpy(dtype=float, na_value=np.nan), right.to_numpy(dtype=float, na_value=np.nan)))
            if left.nunique() <= 12 and left.nunique() > 2:
                # Few codes may be names rather than amounts.
                one_hot.append(_one_hot(left.astype(str), right.astype(str)))
            continue
        left, right = left.astype("str").fillna(""), right.astype("str").fillna("")
        parts = _numbers_or_dates(left, right)
        if parts is not None:
            numeric.extend(parts)
            continue
        distinct = left.nunique()
        words = float(left.head(2000).str.count(r"\s+").mean()) + 1
        if distinct > 30 and (words >= 3 or distinct > 0.5 * len(left)):
            texts.append(_terms(left, right, words >= 3))
            lengths = (left.str.len().to_numpy(dtype=float), right.str.len().to_numpy(dtype=float))
            numeric.append(lengths)
            continue
        one_hot.append(_one_hot(left, right))
        codes.append(_codes(left, right))
    blocks_train, blocks_test = [column for column, _ in numeric], [column for _, column in numeric]
    dense_train = np.column_stack(blocks_train) if numeric else np.empty((len(train), 0))
    dense_test = np.column_stack(blocks_test) if numeric else np.empty((len(test), 0))
    if extra is not None:
        dense_train, dense_test = np.hstack([dense_train, extra[0]]), np.hstack([dense_test, extra[1]])
    # An infinite value (an open interval, a division by zero) is a gap to a learner.
    dense_train, dense_test = (np.where(np.isfinite(side), side, np.nan) for side in (dense_train, dense_test))
    scaled_train, scaled_test = _scaled(dense_train, dense_test)
    if one_hot or texts:
        wide = [*one_hot, *texts]
        linear_train = sparse.hstack([sparse.csr_matrix(scaled_train), *(part for part, _ in wide)], format="csr")
        linear_test = sparse.hstack([sparse.csr_matrix(scaled_test), *(part for _, part in wide)], format="csr")
        if linear_train.shape[1] <= 300:
            linear_train, linear_test = linear_train.toarray(), linear_test.toarray()
    else:
        linear_train, linear_test = scaled_train, scaled_test
    reduced = [_components(*pair) for pair in texts]
    coded = np.column_stack([column for column, _ in codes]) if codes else np.empty((len(train), 0))
    coded_test = np.column_stack([column for _, column in codes]) if codes else np.empty((len(test), 0))
    trees_train = np.hstack([coded, dense_train, *(part for part, _ in reduced)])
    trees_test = np.hstack([coded_test, dense_test, *(part for _, part in reduced)])
    few = [position for position, (column, _) in enumerate(codes) if column.max(initial=0) < MOST_LEVELS]
    return Matrices(linear_train, linear_test, trees_train, trees_test, few, bool(texts))


def _numbers_or_dates(left: pd.Series, right: pd.Series) -> list[tuple[np.ndarray, np.ndarray]] | None:
    """Number or calendar columns when a text column is one of these."""
    filled = left[left != ""]
    if len(filled) == 0:
        return None
    if pd.to_numeric(filled, errors="coerce").notna().mean() > 0.9:
        return [tuple(pd.to_numeric(side, errors="coerce").to_numpy(dtype=float) for side in (left, right))]
    if not filled.head(50).str.match(r"^\s*\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?").all():
        return None
    both = pd.concat([left, right], ignore_index=True)
    try:
        together = parse_dates(both, both[both != ""]).dt.tz_convert("UTC")
    except ValueError:
        together = pd.to_datetime(both, errors="coerce", utc=True, format="mixed")
    times = [together.iloc[: len(left)], together.iloc[len(left) :]]
    if times[0].notna().mean() < 0.8:
        return None
    pieces = [[np.asarray((time.dt.tz_localize(None) - pd.Timestamp(0)).dt.total_seconds(), dtype=float) / 86400] for time in times]
    for part in ("year", "month", "day", "dayofweek", "dayofyear", "hour", "minute"):
        for side, time in zip(pieces, times, strict=True):
            side.append(getattr(time.dt, part).to_numpy(dtype=float, na_value=np.nan))
    return list(zip(*pieces, strict=True))


def _one_hot(left: pd.Series, right: pd.Series) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    levels = left.value_counts().index[:MOST_LEVELS]
    position = {level: place for place, level in enumerate(levels)}
    return tuple(_indicator(side.map(position), len(levels)) for side in (left, right))


def _indicator(positions: pd.Series, width: int) -> sparse.csr_matrix:
    places = positions.to_numpy(dtype=float, na_value=np.nan)
    rows = np.flatnonzero(~np.isnan(places))
    return sparse.csr_matrix((np.ones(len(rows)), (rows, places[rows].astype(int))), shape=(len(places), width))


def _codes(left: pd.Series, right: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    position = {level: float(place) for place, level in enumerate(left.value_counts().index)}
    return tuple(side.map(position).to_numpy(dtype=float, na_value=np.nan) for side in (left, right))


def _scaled(train: np.ndarray, test: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Median for gaps with a flag, long tails drawn in, unit deviation."""
    if train.shape[1] == 0:
        return train, test
    with np.errstate(all="ignore"):
        gaps = np.isnan(train)
        middle = np.zeros(train.shape[1])
        some = ~gaps.all(axis=0)
        middle[some] = np.nanmedian(train[:, some], axis=0)
        sides = []
        low, high = np.zeros_like(middle), np.zeros_like(middle)
        low[some], high[some] = np.nanquantile(train[:, some], 0.001, axis=0), np.nanquantile(train[:, some], 0.999, axis=0)
        for side in (train, test):
            filled = np.where(np.isnan(side), middle, side)
            sides.append(np.clip(filled, low, np.maximum(low, high)))
        center, spread = sides[0].mean(axis=0), sides[0].std(axis=0)
    spread[spread < 1e-12] = 1.0
    flagged = gaps.any(axis=0) & some
    return tuple(
        np.hstack([(side - center) / spread, np.isnan(raw)[:, flagged].astype(float)])
        for side, raw in zip(sides, (train, test), strict=True)
    )


def _terms(left: pd.Series, right: pd.Series, words: bool) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    analyzer = {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"(?u)\b\w+\b"} if words else {"analyzer": "char", "ngram_range": (2, 4), "lowercase": False}
    vectorizer = TfidfVectorizer(min_df=2, max_features=MOST_TERMS, sublinear_tf=True, dtype=np.float64, **analyzer)
    try:
        return vectorizer.fit_transform(left.str.slice(0, 5000)), vectorizer.transform(right.str.slice(0, 5000))
    except ValueError:  # no term occurs twice
        return sparse.csr_matrix((len(left), 1)), sparse.csr_matrix((len(right), 1))


def _components(left: sparse.csr_matrix, right: sparse.csr_matrix) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.decomposition import TruncatedSVD

    size = min(COMPONENTS, left.shape[1] - 1)
    if size < 1:
        return np.zeros((left.shape[0], 1)), np.zeros((right.shape[0], 1))
    model = TruncatedSVD(size, random_state=0, n_iter=3)
    return model.fit_transform(left), model.transform(right)
