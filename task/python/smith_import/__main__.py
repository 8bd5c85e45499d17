"""Finds what a foreign task asks and writes its four tables in our layout.

/job/input.json: {sample, answers, given: {id, targets, auxiliary, train, test}, metric: {kind, submission, title}}, with paths
under /job/public and /job/private. Writes /out/result.json: {problem} or {question, media, notes, used}, and
/out/tree/{public,private}/*.csv. Nothing of the task is run.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from smith_import.find import NotFound, find_tables
from smith_import.infer import Question, find_id, infer
from smith_import.media import find_media
from smith_import.tables import Unreadable, plain, read

JOB, OUT = Path("/job"), Path("/out")


def lay_out(request: dict[str, Any], public: Path, private: Path, tree: Path) -> dict[str, Any]:
    sample_path, answers_path = public / request["sample"], private / request["answers"]
    if request.get("sampleIsPrivate"):
        sample_path = private / request["sample"]
    sample, answers = read(sample_path), read(answers_path)
    given, notes = request["given"], []
    wanted = [str(name) for name in given.get("targets") or [] or list(sample.columns)[1:]]
    train_path, test_path = find_tables(public, sample_path, given, wanted)
    train = read(train_path)
    identifier = find_id(sample, answers, given.get("id"))
    if test_path is None:
        notes.append("no table of test rows was found: the ids of the sample submission stand for it")
        test = sample[[identifier]].copy()
    else:
        test = read(test_path)
        if identifier not in test.columns:
            raise NotFound(f"the table of test rows has no column {identifier!r}: name the id with --id")
    question = infer(train, None if test_path is None else test, sample, answers, given, request["metric"])
    media = find_media(public, train, test, identifier)
    if media is not None:
        for frame, side in ((train, "train"), (test, "test")):
            frame[str(media["column"])] = media[side]
    answers = answers_of(question, answers, notes)
    only_train = [name for name in train.columns if name not in {*test.columns, identifier, *question.targets, *question.auxiliary}]
    if only_train and len(test.columns) > 1:
        notes.append(f"columns that only the training rows have were left out: {', '.join(only_train[:20])}")
        train = train.drop(columns=only_train)
    for folder in ("public", "private"):
        (tree / folder).mkdir(parents=True)
    write(train, train_path, tree / "public" / "train.csv")
    write(first(test, identifier), test_path, tree / "public" / "test.csv")
    write(first(sample, identifier), sample_path, tree / "public" / "sample_submission.csv")
    write(answers, answers_path, tree / "private" / "test_answer.csv")
    return {
        "problem": None,
        "question": asdict(question),
        "media": None if media is None else {"column": media["column"], "kind": media["kind"]},
        "notes": [note[:500] for note in notes],
        "used": [path.relative_to(public).as_posix() for path in (train_path, test_path, sample_path) if path is not None and path.is_relative_to(public)],
        "sizes": {"train": len(train), "test": len(test)},
    }


def answers_of(question: Question, answers: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """Id, targets, and what else is graded with; labels written as train writes them."""
    if question.one_hot:
        flags = answers[question.one_hot].map(plain) == "1"
        answers = answers.assign(**{question.targets[0]: flags.idxmax(axis=1)})
        notes.append("answers in one column for each label were turned into one column of labels")
    if question.labels is not None:
        written = {plain(label): label for label in question.labels}
        for name in question.targets:
            answers = answers.assign(**{name: [written.get(plain(value), value) for value in answers[name]]})
    return answers[[question.id, *question.targets, *question.auxiliary]]


def first(frame: pd.DataFrame, identifier: str) -> pd.DataFrame:
    """The id in front."""
    return frame[[identifier, *(name for name in frame.columns if name != identifier)]]


def write(frame: pd.DataFrame, source: Path | None, target: Path) -> None:
    """The file itself where it is a CSV file that says the same, so that its own faults stay; else the table anew."""
    if source is not None and source.suffix.lower() == ".csv" and read(source).equals(frame):
        shutil.copyfile(source, target)
    else:
        frame.to_csv(target, index=False)


def main() -> None:
    request = json.loads((JOB / "input.json").read_text("utf-8"))
    try:
        result = lay_out(request, JOB / "public", JOB / "private", OUT / "tree")
    except (NotFound, Unreadable) as error:
        shutil.rmtree(OUT / "tree", ignore_errors=True)
        result = {"problem": str(error)[:600]}
    (OUT / "result.json").write_text(json.dumps(result), "utf-8")


if __name__ == "__main__":
    main()
