"""Walks in three office environments, mixed. The type of path gives the class away and is withheld."""

from pathlib import Path

import pandas as pd
from sklearn.model_selection import train_test_split


def find(raw: Path, name: str) -> Path:
    return next(iter(sorted(raw.rglob(name))))


def prepare(raw: Path, public: Path, private: Path) -> None:
    def table(name: str) -> pd.DataFrame:
        return pd.read_csv(find(raw, name), header=0, names=["number", "value"]).set_index("number")["value"]

    walks = pd.DataFrame({"label": table("MovementAAL_target.csv"), "environment": table("MovementAAL_DatasetGroup.csv")})
    walks["movement"] = walks["label"].map({1: "change", -1: "stay"})
    walks = walks.reset_index().sample(frac=1, random_state=4).reset_index(drop=True)
    walks.insert(0, "id", range(1, len(walks) + 1))
    walks["file"] = [f"signals/{number:03d}.csv" for number in walks["id"]]
    (public / "signals").mkdir()
    for number, file in zip(walks["number"], walks["file"]):
        signal = pd.read_csv(
            find(raw, f"MovementAAL_RSS_{number}.csv"), header=0, names=["anchor1", "anchor2", "anchor3", "anchor4"]
        )
        signal.to_csv(public / file, index=False)

    train, test = train_test_split(walks, test_size=0.4, random_state=4, stratify=walks["movement"])
    train[["id", "file", "environment", "movement"]].to_csv(public / "train.csv", index=False)
    test[["id", "file", "environment"]].to_csv(public / "test.csv", index=False)
    test[["id", "movement"]].to_csv(private / "test_answer.csv", index=False)
    test[["id"]].assign(movement="stay").to_csv(public / "sample_submission.csv", index=False)
