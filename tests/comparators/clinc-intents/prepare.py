"""CLINC150 with its published parts: requests out of scope are rare in train and common in the test."""

import json
from pathlib import Path

import pandas as pd


def prepare(raw: Path, public: Path, private: Path) -> None:
    parts = json.loads((raw / "data_full.json").read_text("utf-8"))

    def table(*names: str) -> pd.DataFrame:
        rows = [row for name in names for row in parts[name]]
        return pd.DataFrame(rows, columns=["request", "intent"]).sample(frac=1, random_state=0)

    train = table("train", "val", "oos_train", "oos_val")
    test = table("test", "oos_test")
    test.insert(0, "id", range(1, len(test) + 1))
    train.insert(0, "id", range(len(test) + 1, len(test) + len(train) + 1))
    train.to_csv(public / "train.csv", index=False)
    test.drop(columns="intent").to_csv(public / "test.csv", index=False)
    test[["id", "intent"]].to_csv(private / "test_answer.csv", index=False)
    test[["id"]].assign(intent="oos").to_csv(public / "sample_submission.csv", index=False)
