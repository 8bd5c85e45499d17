"""Wikipedia articles with links and words: the graph is public as a whole, the traffic of a quarter of the pages is not."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split


def prepare(raw: Path, public: Path, private: Path) -> None:
    pages = pd.read_csv(raw / "chameleon_target.csv").rename(columns={"target": "visits"})
    edges = pd.read_csv(raw / "chameleon_edges.csv")
    words = {int(page): nouns for page, nouns in json.loads((raw / "chameleon.json").read_text()).items()}

    fresh = dict(zip(pages["id"], np.random.default_rng(31).permutation(len(pages)) + 1))
    edges = edges.assign(page=edges["id1"].map(fresh), other=edges["id2"].map(fresh))[["page", "other"]]
    edges.sort_values(["page", "other"]).to_csv(public / "links.csv", index=False)

    degree = pd.concat([edges["page"], edges["other"]]).value_counts()
    pages["nouns"] = [" ".join(f"n{noun}" for noun in sorted(words.get(page, []))) for page in pages["id"]]
    pages["number_of_nouns"] = [len(words.get(page, [])) for page in pages["id"]]
    pages["id"] = pages["id"].map(fresh)
    pages["number_of_links"] = pages["id"].map(degree).fillna(0).astype(int)
    pages = pages[["id", "nouns", "number_of_nouns", "number_of_links", "visits"]].sort_values("id")

    train, test = train_test_split(pages, test_size=0.25, random_state=31)
    train.to_csv(public / "train.csv", index=False)
    test.drop(columns="visits").to_csv(public / "test.csv", index=False)
    test[["id", "visits"]].to_csv(private / "test_answer.csv", index=False)
    test[["id"]].assign(visits=3000).to_csv(public / "sample_submission.csv", index=False)
