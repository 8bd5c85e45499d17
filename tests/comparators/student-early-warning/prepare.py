"""Portuguese pupils: the final grade before any is given, so without those of the first two periods, and without absences."""

from pathlib import Path

import pandas as pd


def prepare(raw: Path, public: Path, private: Path) -> None:
    pupils = pd.read_csv(raw / "student-mat.csv")
    pupils = pupils.drop(columns=["G1", "G2", "absences"]).sample(frac=1, random_state=7)
    pupils.insert(0, "id", [f"p{number:03d}" for number in range(len(pupils))])

    test, train = pupils.iloc[:195], pupils.iloc[195:]
    train.to_csv(public / "train.csv", index=False)
    test.drop(columns="G3").to_csv(public / "test.csv", index=False)
    test[["id", "G3"]].to_csv(private / "test_answer.csv", index=False)
    test[["id"]].assign(G3=10).to_csv(public / "sample_submission.csv", index=False)
