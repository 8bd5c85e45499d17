"""Measures that the checks share: association under the permutation null, and what one feature foretells."""

from __future__ import annotations

import numpy as np


def ranks(values: np.ndarray) -> np.ndarray:
    """Average ranks, ties shared."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (ends - (counts - 1) / 2.0)[inverse]


def rank_correlation(left: np.ndarray, right: np.ndarray) -> float:
    """Spearman's correlation; 0 where one side is constant."""
    a, b = ranks(left), ranks(right)
    a, b = a - a.mean(), b - b.mean()
    scale = np.sqrt((a @ a) * (b @ b))
    return float(a @ b / scale) if scale > 0 else 0.0


def association_z(values: np.ndarray, target: np.ndarray, *, values_are_classes: bool, target_is_class: bool) -> float:
    """Size of the association in standard deviations of the permutation null (approximately normal).

    Numbers with numbers: rank correlation times sqrt(n - 1). Otherwise the chi-square of the table, numbers cut
    at their deciles, as (chi2 - df) / sqrt(2 df).
    """
    keep = ~(np.isnan(values) | np.isnan(target))
    values, target = values[keep], target[keep]
    if len(values) < 8 or len(np.unique(values)) < 2 or len(np.unique(target)) < 2:
        return 0.0
    if not values_are_classes and not target_is_class:
        return abs(rank_correlation(values, target)) * np.sqrt(len(values) - 1)
    a = codes_of(values) if values_are_classes else bins(values, 10)
    b = codes_of(target) if target_is_class else bins(target, 10)
    table = np.bincount(a * (b.max() + 1) + b, minlength=(a.max() + 1) * (b.max() + 1)).reshape(a.max() + 1, -1).astype(float)
    table = table[table.sum(1) > 0][:, table.sum(0) > 0]
    expected = table.sum(1, keepdims=True) * table.sum(0, keepdims=True) / table.sum()
    degrees = (table.shape[0] - 1) * (table.shape[1] - 1)
    if degrees == 0:
        return 0.0
    chi = float(((table - expected) ** 2 / expected).sum())
    # Wilson and Hilferty: the cube root of a chi-square is close to normal also for few degrees of freedom.
    return float(((chi / degrees) ** (1 / 3) - (1 - 2 / (9 * degrees))) / np.sqrt(2 / (9 * degrees)))


def codes_of(values: np.ndarray) -> np.ndarray:
    """Consecutive codes of distinct values."""
    return np.unique(values, return_inverse=True)[1]


def bins(values: np.ndarray, count: int, reference: np.ndarray | None = None) -> np.ndarray:
    """Codes of quantile bins of the reference (by default of the values themselves); NaN gets a code of its own."""
    base = values if reference is None else reference
    base = base[~np.isnan(base)]
    distinct = np.unique(base)
    if len(distinct) <= count:
        edges = (distinct[1:] + distinct[:-1]) / 2
    else:
        edges = np.unique(np.quantile(base, np.linspace(0, 1, count + 1)[1:-1]))
    coded = np.searchsorted(edges, values, side="right")
    return np.where(np.isnan(values), len(edges) + 1, coded)


def lookup_gain(train_codes: np.ndarray, train: np.ndarray, test_codes: np.ndarray, test: np.ndarray, is_class: bool) -> float:
    """Gain on the test rows of predicting each code's mean or most frequent class, learned on the train rows.

    1 is perfect, 0 as good as a constant. Numbers: R2 against the train mean; classes: 1 - errors / errors of the
    most frequent class. Codes are integers from 0; those that train does not show get the constant.
    """
    known, asked = ~np.isnan(train), ~np.isnan(test)
    train_codes, train, test_codes, test = train_codes[known], train[known], test_codes[asked], test[asked]
    if len(train) < 2 or len(test) < 2:
        return 0.0
    size = int(max(train_codes.max(), test_codes.max())) + 1
    if is_class:
        classes = int(max(train.max(), test.max())) + 1
        table = np.bincount(train_codes * classes + train.astype(int), minlength=size * classes).reshape(size, classes)
        majority = int(np.bincount(train.astype(int)).argmax())
        best = np.where(table.sum(1) > 0, table.argmax(1), majority)
        base = float((test != majority).mean())
        return 1.0 - float((best[test_codes] != test).mean()) / base if base > 0 else 0.0
    mean = float(train.mean())
    count = np.bincount(train_codes, minlength=size)
    total = np.bincount(train_codes, weights=train - mean, minlength=size)
    guess = mean + total / np.maximum(count, 1)
    spread = float(((test - mean) ** 2).sum())
    return 1.0 - float(((test - guess[test_codes]) ** 2).sum()) / spread if spread > 0 else 0.0


def constancy_evidence(codes: np.ndarray, target: np.ndarray) -> tuple[bool, float]:
    """Whether equal codes always have equal targets, and how unlikely that is by chance, as -log10 p.

    Under permutation a group of n equal codes is pure with probability sum(p_k ** n) over the target's values; the
    groups are taken as independent.
    """
    known = ~np.isnan(target)
    codes, target = codes_of(codes[known]), codes_of(target[known])
    if len(codes) == 0:
        return False, 0.0
    pairs = np.unique(codes * (int(target.max()) + 1) + target)
    if len(pairs) > int(codes.max()) + 1:
        return False, 0.0
    shares = np.bincount(target) / len(target)
    sizes, how_many = np.unique(np.bincount(codes), return_counts=True)
    logs = [np.log10(max(float((shares**size).sum()), 1e-300)) for size in sizes]
    return True, float(-(np.array(logs) * how_many).sum())


def runs_evidence(values: np.ndarray, target: np.ndarray) -> tuple[int, float]:
    """Runs of equal class when sorted by value, and how unlikely so few are by chance, as -log10 p.

    Equal values with different classes count as a change each. The number of orders in which n items of the given
    class sizes fall into one run per class is (classes)! of the multinomial.
    """
    known = ~(np.isnan(values) | np.isnan(target))
    values, target = values[known], codes_of(target[known])
    order = np.lexsort((target, values))
    target, values = target[order], values[order]
    tied = np.concatenate([[False], (values[1:] == values[:-1]) & (target[1:] != target[:-1])])
    runs = 1 + int((target[1:] != target[:-1]).sum()) + int(tied.sum())
    counts = np.bincount(target)
    from math import lgamma

    log_orders = lgamma(len(target) + 1) - sum(lgamma(count + 1) for count in counts) - lgamma(len(counts) + 1)
    return runs, log_orders / np.log(10)


def lookup_gain_significant(test: np.ndarray, is_class: bool, least: int = 8) -> bool:
    """Enough to learn from: for classes, at least so many test rows that are not of the most frequent class."""
    known = test[~np.isnan(test)]
    if not is_class:
        return len(known) >= 20 and len(np.unique(known)) >= 3
    counts = np.bincount(known.astype(int))
    return int(known.size - counts.max(initial=0)) >= least


def agreement_within(codes: np.ndarray, target: np.ndarray) -> tuple[float, float]:
    """How much more often rows of equal code have equal targets than any two rows: z under permutation, and the share of
    the disagreement that is gone. Pairs of rows are taken as independent."""
    known = ~(np.isnan(codes) | np.isnan(target))
    codes, target = codes_of(codes[known]), codes_of(target[known])
    if len(codes) < 8:
        return 0.0, 0.0
    both = np.unique(codes * (int(target.max()) + 1) + target, return_counts=True)[1]
    sizes = np.bincount(codes)
    pairs = float((sizes * (sizes - 1)).sum() / 2)
    equal = float((both * (both - 1)).sum() / 2)
    shares = np.bincount(target) / len(target)
    chance = float((shares**2).sum())
    if pairs < 20 or chance >= 1:
        return 0.0, 0.0
    # Rows of one code share a row in their pairs: no more of them are independent than there are rows.
    independent = min(pairs, float(len(codes)))
    excess = equal / pairs - chance
    return excess * np.sqrt(independent / (chance * (1 - chance))), excess / (1 - chance)
