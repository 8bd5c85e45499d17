"""Portuguese pupils: final grade in mathematics after the first period. The second period's grade is not known then."""

from pathlib import Path

import pandas as pd


def prepare(raw: Path, public: Path, private: Path) -> None:
    pupils = pd.read_csv(raw / "student-mat.csv")
    # One cell of this copy holds a stray apostrophe.
    pupils["G1"] = pupils["G1"].astype(str).str.strip("' ").astype(int)
    pupils = pupils.drop(columns="G2").sample(frac=1, random_state=7)
    pupils.insert(0, "id", [f"p{number:03d}" for number in range(len(pupils))])

    test, train = pupils.iloc[:150], pupils.iloc[150:]
    train.to_csv(public / "train.csv", index=False)
    test.drop(columns="G3").to_csv(public / "test.csv", index=False)
    test[["id", "G3"]].to_csv(private / "test_answer.csv", index=False)
    test[["id"]].assign(G3=10).to_csv(public / "sample_submission.csv", index=False)
