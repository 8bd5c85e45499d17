"""Writes the submissions from which the metric checks judge a task's `metric.py`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from smith_task.perfect import perfect_submission

from smith_checks.package import Package, to_numbers
from smith_checks.submissions.bad import bad_submissions

# Metrics are checked on a part of large tests: what is asked of them does not depend on the number of rows.
MOST_ROWS, MOST_SURVIVAL_ROWS = 1500, 300
NOISE = (0.1, 0.35, 0.7)
RANDOM_TRIALS = 3
# Submissions whose score is computed a second time, by the independent implementation.
COMPARED = {"perfect", "permuted-0", "noise-1", "random-0", "random-1"}


def write_submissions(package: Package, folder: Path) -> list[dict[str, Any]]:
    """Writes one CSV per submission, and beside the folder the `test_answer.csv` that they are scored against.

    Returns what is expected of each: {name, expect, level?, fault?, reference?}.
    """
    folder.mkdir(parents=True)
    answers = part_of_answers(package)
    answers.to_csv(folder.parent / "test_answer.csv", index=False)
    entries = []
    for entry, content in _all(package, answers):
        path = folder / f"{entry['name']}.csv"
        if isinstance(content, str):
            path.write_text(content, "utf-8")
        else:
            content.to_csv(path, index=False)
            if entry["name"] in COMPARED:
                entry["reference"] = reference(package, answers, content)
        entries.append(entry)
    return entries


def part_of_answers(package: Package) -> pd.DataFrame:
    """The answers, or whole queries or spread rows of them where there are many; one row for each id."""
    answers = package.answers
    # Pairs are compared one by one there.
    most = MOST_SURVIVAL_ROWS if package.objective == "survival" else MOST_ROWS
    if len(answers) <= most:
        return answers
    query = query_column(package)
    if query is not None:
        sizes = answers.groupby(query, sort=False)[package.id].size().cumsum()
        return answers[answers[query].isin(sizes.index[sizes <= most])]
    chosen = np.linspace(0, len(answers) - 1, most).round().astype(int)
    part = answers.iloc[chosen]
    if package.is_class:
        # Every class that is tested stays, so that averages over classes mean the same.
        for name in package.targets:
            part = pd.concat([part, answers.groupby(name).head(2)])
        part = part.loc[~part.index.duplicated()].sort_index()
    return part


def query_column(package: Package) -> str | None:
    """The column of the answers that names the query or group that a metric averages over."""
    if package.objective != "ranking":
        return None
    named = [name for name in package.auxiliary if name in package.answers.columns]
    return named[0] if named else None


def _all(package: Package, answers: pd.DataFrame) -> Iterator[tuple[dict[str, Any], pd.DataFrame | str]]:
    perfect = perfect_of(package, answers)
    kind = package.manifest["submission"]["kind"]
    part = package.sample[package.id].isin(set(answers[package.id]))
    yield {"name": "sample", "expect": "valid"}, package.sample[part]
    good = package.sample[part].reset_index(drop=True)
    random = np.random.default_rng(20240)
    if perfect is not None:
        good = perfect
        yield {"name": "perfect", "expect": "best"}, perfect
        yield {"name": "perfect-again", "expect": "best"}, perfect
        order = random.permutation(len(perfect))
        yield {"name": "perfect-reversed", "expect": "best"}, perfect.iloc[::-1]
        yield {"name": "perfect-shuffled", "expect": "best"}, perfect.iloc[order]
        for number in range(RANDOM_TRIALS):
            yield {"name": f"permuted-{number}", "expect": "permuted"}, permuted(perfect, random)
        tables = noisy(perfect, kind, random)
        for level, table in enumerate(tables):
            yield {"name": f"noise-{level}", "expect": "noise", "level": level}, table
        yield {"name": "noise-1-reversed", "expect": "same", "of": "noise-1"}, tables[1].iloc[::-1]
        for number in range(RANDOM_TRIALS):
            yield {"name": f"random-{number}", "expect": "random"}, randomised(perfect, kind, random)
        yield from constants(package, perfect, kind)
        yield from extremes(perfect, kind)
    for name, fault, content in bad_submissions(good, kind, set(package.manifest["target"]["labels"] or [])):
        yield {"name": f"bad-{name}", "expect": "refused", "fault": fault}, content


def perfect_of(package: Package, answers: pd.DataFrame) -> pd.DataFrame | None:
    """The perfect submission, or None where the format is the author's own and it cannot be told."""
    manifest = package.manifest
    perfect = perfect_submission(manifest["target"], manifest["submission"], package.auxiliary, answers)
    expected = [package.id, *manifest["submission"]["columns"]]
    return perfect[expected] if set(expected) <= set(perfect.columns) else None


def permuted(perfect: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """The true values on the wrong rows."""
    order = random.permutation(len(perfect))
    values = perfect.iloc[order, 1:].reset_index(drop=True)
    return pd.concat([perfect.iloc[:, [0]].reset_index(drop=True), values], axis=1)


def noisy(perfect: pd.DataFrame, kind: str, random: np.random.Generator) -> list[pd.DataFrame]:
    """The truth with more and more noise; each level disturbs what the one before disturbed, and more."""
    rows = len(perfect)
    if kind in {"value", "score", "scores"}:
        # Scores of classes stay where probabilities lie: a metric may refuse others, and ranks do not change.
        flags = kind != "value" and all(set(to_numbers(perfect[name])) <= {0.0, 1.0} for name in perfect.columns[1:])
        spread = {name: float(np.std(to_numbers(perfect[name]))) or 1.0 for name in perfect.columns[1:]}
        noise = {name: random.normal(size=rows) for name in perfect.columns[1:]}
        nonnegative = all(to_numbers(perfect[name]).min() >= 0 for name in perfect.columns[1:]) and kind == "value"
        tables = []
        for level in NOISE:
            table = perfect.copy()
            for name in perfect.columns[1:]:
                values = to_numbers(perfect[name]) + 4 * level * spread[name] * noise[name]
                if flags:
                    values = (values - values.min()) / (np.ptp(values) or 1.0)
                table[name] = np.abs(values) if nonnegative else values
            tables.append(table)
        return tables
    disturbed, other = random.random(rows), random.permutation(rows)
    if kind == "probabilities":
        values = perfect.iloc[:, 1:].to_numpy(dtype=float)
        mixed = [(1 - level) * values + level * values[other] for level in NOISE]
        return [pd.concat([perfect.iloc[:, [0]], pd.DataFrame(part, columns=perfect.columns[1:], index=perfect.index)], axis=1) for part in mixed]
    tables = []
    for level in NOISE:
        table = perfect.copy()
        for position in range(1, perfect.shape[1]):
            values = perfect.iloc[:, position].to_numpy()
            table[perfect.columns[position]] = np.where(disturbed < level, values[other], values)
        tables.append(table)
    return tables


def randomised(perfect: pd.DataFrame, kind: str, random: np.random.Generator) -> pd.DataFrame:
    """Predictions without skill in the task's format, for the comparison with the reference metric."""
    rows, table = len(perfect), perfect.copy()
    columns = list(perfect.columns[1:])
    if kind == "probabilities":
        values = random.dirichlet(np.ones(len(columns)), rows)
        for position, name in enumerate(columns):
            table[name] = values[:, position]
    elif kind in {"score", "scores"}:
        for name in columns:
            table[name] = random.random(rows)
    elif kind == "labels":
        for name in columns:
            table[name] = random.integers(0, 2, rows)
    elif kind == "value":
        for name in columns:
            values = to_numbers(perfect[name])
            table[name] = random.permutation(values) * 0.5 + random.choice(values, rows) * 0.5
    else:
        for name in columns:
            table[name] = random.choice(perfect[name].to_numpy(), rows)
    return table


def constants(package: Package, perfect: pd.DataFrame, kind: str) -> Iterator[tuple[dict[str, Any], pd.DataFrame]]:
    """One value for every row: the most frequent, the mean, the median, a half, nothing, everything."""
    columns, first = list(perfect.columns[1:]), perfect.columns[1]
    train = package.train[package.targets[0]]
    options: list[tuple[str, dict[str, Any]]] = []
    if kind == "label":
        for position, label in enumerate(train.value_counts().index[:3]):
            options.append((f"label-{position}", {first: label}))
    elif kind == "value":
        numbers = to_numbers(train)
        options = [("mean", {first: float(np.nanmean(numbers))}), ("median", {first: float(np.nanmedian(numbers))}), ("zero", {first: 0.0})]
    elif kind == "score":
        options = [("half", {first: 0.5}), ("zero", {first: 0.0})]
        if package.target_kind == "relevance":
            options.append(("mean", {first: float(np.nanmean(to_numbers(train)))}))
    elif kind == "probabilities":
        shares = train.astype(str).value_counts(normalize=True)
        options = [("prior", {name: float(shares.get(name, 0.0)) for name in columns}), ("equal", dict.fromkeys(columns, 1 / len(columns)))]
    elif kind in {"labels", "scores"}:
        options = [("zeros", dict.fromkeys(columns, 0)), ("ones", dict.fromkeys(columns, 1))]
    for name, values in options:
        yield {"name": f"constant-{name}", "expect": "constant"}, perfect.assign(**{str(key): value for key, value in values.items()})


def extremes(perfect: pd.DataFrame, kind: str) -> Iterator[tuple[dict[str, Any], pd.DataFrame]]:
    """Values of enormous size, and certainty in the wrong place."""
    first = perfect.columns[1]
    if kind in {"value", "score", "scores"}:
        signs = np.where(np.arange(len(perfect)) % 2 == 0, 1.0, -1.0)
        for name, size in (("large", 1e15), ("tiny", 1e-300)):
            yield {"name": f"extreme-{name}", "expect": "finite"}, perfect.assign(**{str(first): size})
        yield {"name": "extreme-signs", "expect": "finite"}, perfect.assign(**{str(first): signs * 1e15})
    if kind == "probabilities":
        wrong = np.roll(perfect.iloc[:, 1:].to_numpy(dtype=float), 1, axis=1)
        yield {"name": "extreme-wrong", "expect": "finite"}, pd.concat(
            [perfect.iloc[:, [0]], pd.DataFrame(wrong, columns=perfect.columns[1:], index=perfect.index)], axis=1
        )


def reference(package: Package, answers: pd.DataFrame, prediction: pd.DataFrame) -> float | None:
    """The named metric by the independent implementation; None for an author's own metric."""
    metric = package.manifest["metric"]
    if metric["name"] == "custom":
        return None
    from smith_task.reference import reference_score

    target = {**package.manifest["target"], "auxiliary": package.auxiliary}
    try:
        return float(reference_score(metric["name"], metric["parameters"], target, answers, prediction))
    except KeyError:  # a name that no catalogue has: the manifest's fault, and said of it
        return None
