"""CNAE-9: the copy's header is really its first row, and is put back."""

from pathlib import Path

import pandas as pd
from sklearn.model_selection import train_test_split


def prepare(raw: Path, public: Path, private: Path) -> None:
    table = pd.read_csv(raw / "CNAE9.csv")
    first = [int(name.removeprefix("X").split(".")[0]) for name in table.columns]
    table.columns = ["category", *(f"w{number:03d}" for number in range(1, len(first)))]
    table = pd.concat([pd.DataFrame([first], columns=table.columns), table], ignore_index=True)
    words = list(table.columns[1:])
    # Equal descriptions are kept once, and those without a word of the vocabulary tell nothing.
    table = table[~table[words].duplicated() & (table[words].sum(axis=1) > 0)].sample(frac=1, random_state=3)
    table.insert(0, "id", range(len(table)))

    train, test = train_test_split(table, test_size=0.3, random_state=3, stratify=table["category"])
    train[["id", *words, "category"]].to_csv(public / "train.csv", index=False)
    test[["id", *words]].to_csv(public / "test.csv", index=False)
    test[["id", "category"]].to_csv(private / "test_answer.csv", index=False)
    test[["id"]].assign(category=1).to_csv(public / "sample_submission.csv", index=False)
