"""The trial has two records for each patient, recurrence and death. Only the latter is asked, and the former is not known."""

from pathlib import Path

import pandas as pd
from sklearn.model_selection import train_test_split

FEATURES = ["rx", "sex", "age", "obstruct", "perfor", "adhere", "nodes", "differ", "extent", "surg", "node4"]


def prepare(raw: Path, public: Path, private: Path) -> None:
    records = pd.read_csv(next(iter(sorted(raw.glob("*.csv")))))
    patients = records[records["etype"] == 2].rename(columns={"time": "days", "status": "event"})
    patients = patients[[*FEATURES, "days", "event"]].sample(frac=1, random_state=1990)
    patients.insert(0, "id", range(1, len(patients) + 1))

    train, test = train_test_split(patients, test_size=0.4, random_state=1990, stratify=patients["event"])
    train.to_csv(public / "train.csv", index=False)
    test[["id", *FEATURES]].to_csv(public / "test.csv", index=False)
    test[["id", "days", "event"]].to_csv(private / "test_answer.csv", index=False)
    test[["id"]].assign(days=0.5).to_csv(public / "sample_submission.csv", index=False)
