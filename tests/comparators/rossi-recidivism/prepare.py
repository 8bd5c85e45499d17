"""Rossi's study of recidivism: ranks men by risk of arrest in the year after release."""

from pathlib import Path

import pandas as pd
from sklearn.model_selection import train_test_split


def prepare(raw: Path, public: Path, private: Path) -> None:
    men = pd.read_csv(raw / "rossi.csv").rename(columns={"arrest": "event"})
    features = [name for name in men.columns if name not in ("week", "event")]
    men = men[[*features, "week", "event"]].sample(frac=1, random_state=2024).reset_index(drop=True)
    men.insert(0, "id", men.index)

    train, test = train_test_split(men, test_size=0.5, random_state=2024, stratify=men["event"])
    train.to_csv(public / "train.csv", index=False)
    test[["id", *features]].to_csv(public / "test.csv", index=False)
    test[["id", "week", "event"]].to_csv(private / "test_answer.csv", index=False)
    test[["id"]].assign(week=0.5).to_csv(public / "sample_submission.csv", index=False)
