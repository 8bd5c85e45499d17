"""Which rows are test rows. Each function gives one boolean per row, True for test."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .values import as_label, as_number, as_text, plain


def split_random(rows: int, share: float, rng: np.random.Generator) -> np.ndarray:
    """A random share of the rows."""
    is_test = np.zeros(rows, dtype=bool)
    is_test[rng.choice(rows, round(rows * share), replace=False)] = True
    return is_test


def split_stratified(classes: pd.Series, share: float, rng: np.random.Generator) -> np.ndarray:
    """The same share of each class, by largest remainder; every class keeps at least one row in train."""
    codes, names = pd.factorize(classes, sort=True)
    counts = np.bincount(codes, minlength=len(names))
    exact = counts * share
    take = np.floor(exact).astype(int)
    take[(take == 0) & (counts >= 4)] = 1
    for code in np.argsort(take - exact, kind="stable"):
        if take.sum() >= round(len(classes) * share):
            break
        if take[code] < counts[code] - 1:
            take[code] += 1
    is_test = np.zeros(len(classes), dtype=bool)
    for code, number in enumerate(take):
        is_test[rng.choice(np.flatnonzero(codes == code), number, replace=False)] = True
    return is_test


def quantile_classes(target: pd.Series, most: int = 10) -> pd.Series:
    """Tenths of a numeric target (fewer for few rows), so that train and test have its whole range."""
    number = max(1, min(most, len(target) // 10))
    return (target.rank(method="first") - 1) * number // len(target)


def rarest_label_classes(targets: pd.DataFrame) -> pd.Series:
    """The rarest label that each row has, so that every label is on both sides."""
    by_rarity = targets.sum().sort_values(kind="stable").index
    classes = pd.Series("none", index=targets.index)
    for position, column in reversed(list(enumerate(by_rarity))):
        classes = classes.mask((targets[column] == 1).fillna(False), f"{position:05d}")
    return classes


def renumber(groups: pd.Series, rng: np.random.Generator) -> pd.Series:
    """Numbered groups with random new numbers, from 1; groups with names keep them."""
    if as_number(groups).notna().sum() < groups.notna().sum():
        return groups
    _, known = pd.factorize(groups, sort=True)
    numbers = pd.Series(rng.permutation(len(known)) + 1, index=known)
    return plain(groups.map(numbers))


def group_key(rows: pd.DataFrame, columns: list[str]) -> pd.Series:
    """One text per row: equal for rows that share the values of all the columns; rows without a value stand alone."""
    parts = [as_text(rows[column]) for column in columns]
    alone = pd.Series([f"(row {number})" for number in range(len(rows))], index=rows.index)
    key = parts[0]
    for part in parts[1:]:
        key = key + " | " + part
    return key.where(key.notna(), alone)


def join_mates(groups: pd.Series) -> pd.Series:
    """Codes with letters of which only the last part differs (N48A1 and N48A2) name mates of one nest, pair or family: one group.

    Only where most codes are made so, most stems have mates, and enough stems are left to split by.
    """
    texts = groups.astype("str")
    stems = texts.str.extract(r"^(.*\d)(?:[A-Za-z]\d{0,2}|[-_./ ][A-Za-z]?\d{0,2})$", expand=False)
    mates = texts.groupby(stems).nunique()
    coded = stems.notna() & texts.str.contains("[A-Za-z]")
    joined = coded.mean() >= 0.9 and len(mates) >= 20 and (mates > 1).mean() >= 0.5 and mates.max() <= 20
    return stems.fillna(texts) if joined else groups


def molecule_skeletons(smiles: pd.Series) -> pd.Series:
    """Molecules without counter-ions, charges and stereo marks: salts and mirror images of one have one skeleton."""
    largest = smiles.astype("str").map(lambda text: max(text.split("."), key=len))
    plain = largest.str.replace(r"[@/\\]", "", regex=True)
    return plain.str.replace(r"\[([A-Za-z][a-z]?)H?\d*[+-]*\d*\]", r"\1", regex=True)


def split_groups(
    groups: pd.Series, classes: pd.Series | None, share: float, rng: np.random.Generator
) -> np.ndarray:
    """Whole groups, with about the share of the rows and of each class; no class is in test alone.

    Several random orders of the groups are tried and the one that comes nearest is kept.
    """
    group_codes, group_names = pd.factorize(groups, sort=True)
    class_codes, class_names = pd.factorize(classes, sort=True) if classes is not None else (0 * group_codes, [0])
    table = np.zeros((len(group_names), len(class_names)), dtype=int)
    np.add.at(table, (group_codes, class_codes), 1)
    sizes = table.sum(axis=1)
    in_all = table.sum(axis=0)
    wanted = share * len(groups)

    best, best_distance = None, np.inf
    for _ in range(max(1, min(20, 100_000 // len(group_names)))):
        chosen = np.zeros(len(group_names), dtype=bool)
        in_test, rows = np.zeros_like(in_all), 0
        for group in rng.permutation(len(group_names)):
            nearer = abs(rows + sizes[group] - wanted) < abs(rows - wanted)
            if nearer and rows < wanted and np.all((in_test + table[group] < in_all) | (table[group] == 0)):
                chosen[group] = True
                in_test += table[group]
                rows += sizes[group]
        balance = np.abs(in_test - share * in_all).sum() / (2 * max(wanted, 1))
        distance = abs(rows - wanted) / max(wanted, 1) + balance
        if rows and distance < best_distance:
            best, best_distance = chosen, distance
    if best is None:
        raise ValueError("the groups cannot be split so that every class of test is in train too")
    return best[group_codes]


def split_time(times: pd.Series, share: float) -> np.ndarray:
    """The latest share of the rows; all rows of one time are on the same side."""
    counts = times.value_counts().sort_index()
    if len(counts) < 2:
        raise ValueError("all rows have the same time")
    later = counts[::-1].cumsum()[::-1].iloc[1:] / len(times)
    return (times >= (later - share).abs().idxmin()).to_numpy()


def split_published(parts: pd.Series, train: list[str], test: list[str]) -> np.ndarray:
    """The parts as the dataset declares them; all other rows must be gone."""
    texts = as_label(parts, [*train, *test])
    if not texts.isin(train).any() or not texts.isin(test).any():
        found = sorted(set(texts.dropna()))[:20]
        raise ValueError(f"the published parts {train} and {test} are not both there: {found}")
    return texts.isin(test).to_numpy()


def class_in_train(target: pd.Series, is_test: np.ndarray) -> np.ndarray:
    """True for rows whose class some train row has."""
    return target.isin(target[~is_test].unique()).to_numpy()


def time_blocks(times: pd.Series, most: int = 20) -> np.ndarray:
    """Number of the stretch of time that each row falls in: at most `most` stretches of equally many times."""
    codes, moments = pd.factorize(times, sort=True)
    return codes * min(most, len(moments)) // len(moments)
