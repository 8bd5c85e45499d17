"""Universal Dependencies: learns from the part called dev, is tested on the part called test. Lemmas, features and heads are withheld."""

from pathlib import Path

import pandas as pd


def tokens(path: Path, first_sentence: int) -> pd.DataFrame:
    rows, sentence = [], first_sentence
    for line in path.read_text("utf-8").splitlines():
        cells = line.split("\t")
        if line == "":
            sentence += 1
        elif len(cells) == 10 and cells[0].isdigit():  # ranges and empty nodes are no words of the text
            rows.append((sentence, int(cells[0]), cells[1], cells[3]))
    return pd.DataFrame(rows, columns=["sentence", "position", "word", "tag"])


def prepare(raw: Path, public: Path, private: Path) -> None:
    train = tokens(raw / "en_ewt-ud-dev.conllu", 1)
    test = tokens(raw / "en_ewt-ud-test.conllu", int(train["sentence"].max()) + 1)
    train.insert(0, "id", range(1, len(train) + 1))
    test.insert(0, "id", range(len(train) + 1, len(train) + len(test) + 1))
    for part in (train, test):
        neighbours = part.groupby("sentence")["word"]
        part.insert(4, "previous", neighbours.shift(1))
        part.insert(5, "next", neighbours.shift(-1))
    train.to_csv(public / "train.csv", index=False)
    test.drop(columns="tag").to_csv(public / "test.csv", index=False)
    test[["id", "tag"]].to_csv(private / "test_answer.csv", index=False)
    test[["id"]].assign(tag="NOUN").to_csv(public / "sample_submission.csv", index=False)
