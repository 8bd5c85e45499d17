from pathlib import Path

import pandas as pd
from sklearn.model_selection import train_test_split


def prepare(raw: Path, public: Path, private: Path) -> None:
    ratings = pd.read_csv(raw / "InstEval.csv").drop(columns="rownames").sample(frac=1, random_state=11)
    ratings.insert(0, "id", range(len(ratings)))
    train, test = train_test_split(ratings, test_size=0.2, random_state=11)
    train.to_csv(public / "train.csv", index=False)
    test.drop(columns="y").to_csv(public / "test.csv", index=False)
    test[["id", "y"]].to_csv(private / "test_answer.csv", index=False)
    test[["id"]].assign(y=3.2).to_csv(public / "sample_submission.csv", index=False)
