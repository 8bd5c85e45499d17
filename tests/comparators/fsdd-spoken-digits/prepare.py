"""Free Spoken Digit Dataset with the split of its authors: the first five takes of each speaker and digit are the test."""

import re
import shutil
from pathlib import Path

import pandas as pd


def prepare(raw: Path, public: Path, private: Path) -> None:
    paths = sorted(raw.rglob("*.wav"))
    parts = [re.fullmatch(r"(\d)_(\w+)_(\d+)", path.stem).groups() for path in paths]
    clips = pd.DataFrame(parts, columns=["digit", "speaker", "take"]).assign(path=paths)
    clips = clips.sample(frac=1, random_state=0).reset_index(drop=True)
    clips.insert(0, "id", range(len(clips)))
    clips["file"] = [f"clips/{number:04d}.wav" for number in clips["id"]]
    (public / "clips").mkdir()
    for path, file in zip(clips["path"], clips["file"]):
        shutil.copyfile(path, public / file)

    first = clips["take"].astype(int) < 5
    train, test = clips[~first], clips[first]
    train[["id", "file", "digit"]].to_csv(public / "train.csv", index=False)
    test[["id", "file"]].to_csv(public / "test.csv", index=False)
    test[["id", "digit"]].to_csv(private / "test_answer.csv", index=False)
    test[["id"]].assign(digit=0).to_csv(public / "sample_submission.csv", index=False)
