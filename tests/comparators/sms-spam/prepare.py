"""SMS spam. The file has no header and quotes that mean nothing; each message is kept once."""

import csv
from pathlib import Path

import pandas as pd
from sklearn.model_selection import train_test_split


def prepare(raw: Path, public: Path, private: Path) -> None:
    messages = pd.read_csv(
        raw / "sms.tsv", sep="\t", header=None, names=["label", "message"], quoting=csv.QUOTE_NONE, keep_default_na=False
    )
    # Campaigns repeat one text with other numbers in it: what differs in digits, case or spaces alone counts as one.
    key = messages["message"].str.lower().str.replace(r"\d+", "0", regex=True).str.replace(r"\W+", " ", regex=True).str.strip()
    messages = messages[~key.duplicated()].sample(frac=1, random_state=1)
    messages.insert(0, "id", range(10_001, 10_001 + len(messages)))

    train, test = train_test_split(messages, test_size=0.25, random_state=1, stratify=messages["label"])
    train[["id", "message", "label"]].to_csv(public / "train.csv", index=False)
    test[["id", "message"]].to_csv(public / "test.csv", index=False)
    test[["id", "label"]].to_csv(private / "test_answer.csv", index=False)
    test[["id"]].assign(label="ham").to_csv(public / "sample_submission.csv", index=False)
