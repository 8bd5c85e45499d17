"""Photographs of hands. Files get new names, in a random order, and one size: folders are the labels, and names follow them."""

from pathlib import Path

import pandas as pd
from PIL import Image
from sklearn.model_selection import train_test_split


def prepare(raw: Path, public: Path, private: Path) -> None:
    paths = sorted(path for path in raw.rglob("*") if path.suffix.lower() == ".jpg" and path.parent.name.isdigit())
    photos = pd.DataFrame({"path": paths, "digit": [path.parent.name for path in paths]})
    photos = photos.sample(frac=1, random_state=9).reset_index(drop=True)
    photos.insert(0, "id", [f"{number:04d}" for number in range(len(photos))])
    photos["file"] = "images/" + photos["id"] + ".png"
    (public / "images").mkdir()
    for path, file in zip(photos["path"], photos["file"]):
        with Image.open(path) as photo:
            photo.convert("RGB").resize((100, 100)).save(public / file)

    train, test = train_test_split(photos, test_size=0.25, random_state=9, stratify=photos["digit"])
    train[["id", "file", "digit"]].to_csv(public / "train.csv", index=False)
    test[["id", "file"]].to_csv(public / "test.csv", index=False)
    test[["id", "digit"]].to_csv(private / "test_answer.csv", index=False)
    test[["id"]].assign(digit=0).to_csv(public / "sample_submission.csv", index=False)
