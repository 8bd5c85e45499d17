from pathlib import Path

import pandas as pd
from sklearn.model_selection import train_test_split


def prepare(raw: Path, public: Path, private: Path) -> None:
    housing = pd.read_csv(raw / "housing.csv").sample(frac=1, random_state=42).reset_index(drop=True)
    housing.insert(0, "id", housing.index)
    target = "median_house_value"
    train, test = train_test_split(housing, test_size=0.2, random_state=42)
    train.to_csv(public / "train.csv", index=False)
    test.drop(columns=[target]).to_csv(public / "test.csv", index=False)
    test[["id", target]].to_csv(private / "test_answer.csv", index=False)
    test[["id"]].assign(**{target: 200000.0}).to_csv(public / "sample_submission.csv", index=False)
