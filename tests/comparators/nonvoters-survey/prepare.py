from pathlib import Path

import pandas as pd
from sklearn.model_selection import train_test_split

LABELS = ["always", "rarely/never", "sporadic"]


def prepare(raw: Path, public: Path, private: Path) -> None:
    poll = pd.read_csv(raw / "nonvoters_data.csv")
    # The number of the respondent and the weight belong to the poll, and Q1 was answered alike by all.
    poll = poll.drop(columns=["RespId", "weight", "Q1"]).sample(frac=1, random_state=2020)
    poll.insert(0, "id", range(1, len(poll) + 1))
    train, test = train_test_split(poll, test_size=0.25, random_state=2020, stratify=poll["voter_category"])
    train.to_csv(public / "train.csv", index=False)
    test.drop(columns="voter_category").to_csv(public / "test.csv", index=False)
    test[["id", "voter_category"]].to_csv(private / "test_answer.csv", index=False)
    test[["id"]].assign(**{label: round(1 / 3, 4) for label in LABELS}).to_csv(public / "sample_submission.csv", index=False)
