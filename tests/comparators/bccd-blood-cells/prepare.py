"""Counts red cells from the annotated boxes; the published lists say which images are the test."""

import shutil
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pandas as pd


def red_cells(annotation: Path) -> int:
    return sum(box.findtext("name") == "RBC" for box in ElementTree.parse(annotation).getroot().iter("object"))


def prepare(raw: Path, public: Path, private: Path) -> None:
    lists = {part: (next(iter(sorted(raw.rglob(f"{part}.txt")))).read_text().split()) for part in ("trainval", "test")}
    images = pd.DataFrame([(name, part) for part, names in lists.items() for name in names], columns=["name", "part"])
    images["red_cells"] = [red_cells(next(iter(raw.rglob(f"{name}.xml")))) for name in images["name"]]
    images = images.sample(frac=1, random_state=0).reset_index(drop=True)
    images.insert(0, "id", range(1, len(images) + 1))
    images["file"] = [f"smears/{number:03d}.jpg" for number in images["id"]]
    (public / "smears").mkdir()
    for name, file in zip(images["name"], images["file"]):
        shutil.copyfile(next(iter(raw.rglob(f"{name}.jpg"))), public / file)

    train, test = images[images["part"] == "trainval"], images[images["part"] == "test"]
    train[["id", "file", "red_cells"]].to_csv(public / "train.csv", index=False)
    test[["id", "file"]].to_csv(public / "test.csv", index=False)
    test[["id", "red_cells"]].to_csv(private / "test_answer.csv", index=False)
    test[["id"]].assign(red_cells=11).to_csv(public / "sample_submission.csv", index=False)
