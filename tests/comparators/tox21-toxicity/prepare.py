"""Tox21. Salts and mirror images of one molecule stand on one side: what is left without ions and stereo marks is the group."""

import re
from pathlib import Path

import pandas as pd
from sklearn.model_selection import GroupShuffleSplit


def skeleton(smiles: str) -> str:
    largest = max(smiles.split("."), key=len)
    return re.sub(r"\[([A-Za-z][a-z]?)H?\d*[+-]*\d*\]", r"\1", re.sub(r"[@/\\]", "", largest))


def prepare(raw: Path, public: Path, private: Path) -> None:
    table = pd.read_csv(next(path for path in sorted(raw.rglob("tox21.csv*")) if path.is_file()))
    assays = [name for name in table.columns if name not in ("mol_id", "smiles")]
    table = table.drop_duplicates("smiles").sample(frac=1, random_state=21).reset_index(drop=True)
    table.insert(0, "id", [f"m{number}" for number in range(len(table))])
    for assay in assays:
        table[assay] = table[assay].astype("Int64")

    groups = table["smiles"].map(skeleton)
    chosen = GroupShuffleSplit(n_splits=1, test_size=0.2, random_state=21).split(table, groups=groups)
    train_rows, test_rows = next(iter(chosen))
    train, test = table.iloc[train_rows], table.iloc[test_rows]
    train[["id", "smiles", *assays]].to_csv(public / "train.csv", index=False)
    test[["id", "smiles"]].to_csv(public / "test.csv", index=False)
    test[["id", *assays]].to_csv(private / "test_answer.csv", index=False)
    units = pd.factorize(groups.iloc[test_rows])[0]
    test[["id"]].assign(unit=units).to_csv(private / "units.csv", index=False)
    test[["id"]].assign(**{assay: 0.1 for assay in assays}).to_csv(public / "sample_submission.csv", index=False)
