"""Properties of the split functions on many seeded cases; writes how many cases held. A broken one raises."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
from smith_task.prepare import rows, splits


def check_stratified(rng: np.random.Generator) -> None:
    size, share = int(rng.integers(10, 400)), float(rng.uniform(0.1, 0.5))
    number = int(rng.integers(1, 12))
    weights = rng.dirichlet(np.full(number, 0.5))
    classes = pd.Series(rng.choice([f"c{code}" for code in range(number)], size, p=weights))
    seed = int(rng.integers(1 << 30))
    is_test = splits.split_stratified(classes, share, np.random.default_rng(seed))
    again = splits.split_stratified(classes, share, np.random.default_rng(seed))
    assert (is_test == again).all()
    counts = classes.value_counts()
    for name, count in counts.items():
        tested = int(is_test[(classes == name).to_numpy()].sum())
        assert tested < count, "a class lies in test alone"
        assert count < 4 or tested >= 1, "a class of four rows or more lacks in test"
        assert abs(tested - count * share) <= 1 or tested == count - 1, (tested, count, share)
    assert abs(is_test.sum() - size * share) <= number + 1


def check_random(rng: np.random.Generator) -> None:
    size, share = int(rng.integers(4, 400)), float(rng.uniform(0.1, 0.5))
    is_test = splits.split_random(size, share, rng)
    assert is_test.sum() == round(size * share) and len(is_test) == size


def check_groups(rng: np.random.Generator) -> None:
    number = int(rng.integers(12, 120))
    sizes = rng.integers(1, 12, number)
    groups = pd.Series(np.repeat([f"g{code}" for code in rng.permutation(number)], sizes))
    order = rng.permutation(len(groups))
    groups = groups.iloc[order].reset_index(drop=True)
    share = float(rng.uniform(0.15, 0.5))
    own = rng.random() < 0.5
    kinds = int(rng.integers(2, 5))
    by_group = dict(zip(groups.unique(), rng.integers(0, kinds, number)))
    classes = pd.Series(rng.integers(0, kinds, len(groups))) if own else groups.map(by_group)
    classes = classes.map(lambda code: f"c{code}")
    seed = int(rng.integers(1 << 30))
    is_test = splits.split_groups(groups, classes, share, np.random.default_rng(seed))
    assert (is_test == splits.split_groups(groups, classes, share, np.random.default_rng(seed))).all()
    assert not set(groups[is_test]) & set(groups[~is_test]), "a group straddles"
    assert set(classes[is_test]) <= set(classes[~is_test]), "a class lies in test alone"
    assert abs(is_test.sum() - share * len(groups)) <= sizes.max(), (is_test.sum(), share * len(groups))
    plain = splits.split_groups(groups, None, share, np.random.default_rng(seed))
    assert abs(plain.sum() - share * len(groups)) <= sizes.max()


def check_mates(rng: np.random.Generator) -> None:
    nests = int(rng.integers(20, 80))
    codes = pd.Series([f"N{nest}A{mate}" for nest in range(nests) for mate in (1, 2)]).sample(frac=1, random_state=int(rng.integers(1 << 30)))
    joined = splits.join_mates(codes)
    assert joined.nunique() == nests and (joined.str.cat(codes.str[-2:]) == codes).all()
    for alone in (codes.str[:-2] + "A1", pd.Series([f"S{number:03d}" for number in range(nests)]), pd.Series(rng.integers(0, 9, nests))):
        assert splits.join_mates(alone).nunique() == alone.nunique(), "groups that have no mates are joined"


def check_molecules(rng: np.random.Generator) -> None:
    one = ["CC(N)C(=O)O", "[Na+].CC(N)C(=O)[O-]", "C[C@H](N)C(=O)O", "C[C@@H](N)C(=O)O.Cl"]
    order = rng.permutation(4)
    skeletons = splits.molecule_skeletons(pd.Series([*np.array(one)[order], "CCO"]))
    assert skeletons[:4].nunique() == 1 and skeletons[4] not in set(skeletons[:4]), skeletons.tolist()


def check_time(rng: np.random.Generator) -> None:
    size, share = int(rng.integers(5, 300)), float(rng.uniform(0.1, 0.5))
    moments = int(rng.integers(2, 80))
    times = pd.Series(rng.integers(0, moments, size).astype(float))
    if times.nunique() < 2:
        return
    is_test = splits.split_time(times, share)
    assert is_test.any() and not is_test.all()
    assert times[is_test].min() > times[~is_test].max(), "test does not follow train"
    largest = times.value_counts().max()
    assert abs(is_test.sum() - share * size) <= largest
    blocks = splits.time_blocks(times)
    assert len(set(blocks)) <= 20
    assert (pd.Series(blocks).groupby(times).nunique() == 1).all()
    assert (np.diff(blocks[np.argsort(times.to_numpy(), kind="stable")]) >= 0).all()


def check_labels(rng: np.random.Generator) -> None:
    size = int(rng.integers(40, 200))
    shares = rng.uniform(0.05, 0.6, 4)
    targets = pd.DataFrame((rng.random((size, 4)) < shares).astype(float)).add_prefix("t")
    targets = targets.mask(rng.random((size, 4)) < 0.2).astype("Int64")
    is_test = splits.split_stratified(splits.rarest_label_classes(targets), 0.3, rng)
    for name in targets:
        if (targets[name] == 1).sum() >= 4:
            assert (targets[name][~is_test] == 1).any(), "a label lies in test alone"


def check_limits(rng: np.random.Generator) -> None:
    size = int(rng.integers(20, 200))
    data = pd.DataFrame({"a": rng.random(size)})
    limit = int(rng.integers(10, 220))
    kept = rows.sample_rows(data, limit, rng)
    assert len(kept) == min(size, limit) and kept.index.is_monotonic_increasing
    groups = pd.Series(rng.integers(0, 10, size), index=data.index)
    whole = rows.sample_groups(data, groups, limit, rng)
    assert len(whole) <= max(limit, 0) or len(whole) == size <= limit
    for group in groups.loc[whole.index].unique():
        assert (groups == group).sum() == (groups.loc[whole.index] == group).sum()


def check_quantiles(rng: np.random.Generator) -> None:
    target = pd.Series(rng.normal(size=int(rng.integers(20, 300))))
    is_test = splits.split_stratified(splits.quantile_classes(target), 0.25, rng)
    assert abs(is_test.mean() - 0.25) < 0.06
    middle = target.median()
    assert abs((target[is_test] > middle).mean() - 0.5) < 0.2


def main() -> None:
    seeds = json.loads(Path("/job/input.json").read_text())["seeds"]
    checks = [value for name, value in sorted(globals().items()) if name.startswith("check_")]
    held = {}
    for check in checks:
        for seed in seeds:
            try:
                check(np.random.default_rng(seed))
            except AssertionError as error:
                raise AssertionError(f"{check.__name__} with seed {seed}: {error}") from error
        held[check.__name__] = len(seeds)
    Path("/out/result.json").write_text(json.dumps(held))


main()
