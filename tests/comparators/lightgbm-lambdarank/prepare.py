"""The example of LightGBM with its published split; queries are numbered through both files."""

from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.datasets import load_svmlight_file

FEATURES = 300


def load(folder: Path, part: str, first_query: int) -> pd.DataFrame:
    values, relevance = load_svmlight_file(str(folder / f"rank.{part}"), n_features=FEATURES + 1, zero_based=True)
    sizes = np.loadtxt(folder / f"rank.{part}.query", dtype=int)
    table = pd.DataFrame(values.toarray()[:, 1:], columns=[f"f{number}" for number in range(1, FEATURES + 1)])
    table.insert(0, "query", np.repeat(np.arange(first_query, first_query + len(sizes)), sizes))
    table["relevance"] = relevance.astype(int)
    return table


def prepare(raw: Path, public: Path, private: Path) -> None:
    train = load(raw, "train", 1).sample(frac=1, random_state=0)
    test = load(raw, "test", int(train["query"].max()) + 1).sample(frac=1, random_state=0)
    told = [name for name in train.columns if name in ("query", "relevance") or (train[name] != 0).any()]
    train, test = train[told], test[told]
    train.insert(0, "id", range(len(train)))
    test.insert(0, "id", range(len(train), len(train) + len(test)))
    train.to_csv(public / "train.csv", index=False)
    test.drop(columns="relevance").to_csv(public / "test.csv", index=False)
    test[["id", "relevance", "query"]].to_csv(private / "test_answer.csv", index=False)
    test[["id"]].assign(relevance=0.0).to_csv(public / "sample_submission.csv", index=False)
