"""The survey has two header lines and an old Macintosh encoding. Who saw no film was not asked whether he is a fan."""

from pathlib import Path

import pandas as pd
from sklearn.model_selection import train_test_split

FILMS = ["I", "II", "III", "IV", "V", "VI"]
CHARACTERS = ["han", "luke", "leia", "anakin", "obi_wan", "palpatine", "vader", "lando", "boba_fett", "c3po", "r2d2", "jar_jar", "padme", "yoda"]
NAMES = (
    ["respondent", "seen_any", "fan"]
    + [f"seen_{film}" for film in FILMS]
    + [f"rank_{film}" for film in FILMS]
    + [f"likes_{name}" for name in CHARACTERS]
    + ["who_shot_first", "knows_expanded_universe", "fan_of_expanded_universe", "fan_of_star_trek"]
    + ["gender", "age", "income", "education", "region"]
)


def prepare(raw: Path, public: Path, private: Path) -> None:
    survey = pd.read_csv(raw / "StarWars.csv", encoding="mac_roman", header=None, skiprows=2, names=NAMES)
    survey = survey[survey["fan"].isin(["Yes", "No"])].copy()
    for film in FILMS:
        survey[f"seen_{film}"] = survey[f"seen_{film}"].notna().astype(int)
    survey = survey.drop(columns=["respondent", "seen_any"]).sample(frac=1, random_state=77)
    survey.insert(0, "id", range(1, len(survey) + 1))
    train, test = train_test_split(survey, test_size=0.3, random_state=77, stratify=survey["fan"])
    train.to_csv(public / "train.csv", index=False)
    test.drop(columns="fan").to_csv(public / "test.csv", index=False)
    test[["id", "fan"]].to_csv(private / "test_answer.csv", index=False)
    test[["id"]].assign(fan=0.5).to_csv(public / "sample_submission.csv", index=False)
