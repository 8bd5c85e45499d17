"""Palmer penguins: species from island and measurements. Ids and remarks of the field record stay behind."""

from pathlib import Path

import pandas as pd
from sklearn.model_selection import train_test_split

FEATURES = {
    "Island": "island",
    "Culmen Length (mm)": "culmen_length_mm",
    "Culmen Depth (mm)": "culmen_depth_mm",
    "Flipper Length (mm)": "flipper_length_mm",
    "Body Mass (g)": "body_mass_g",
    "Sex": "sex",
}


def prepare(raw: Path, public: Path, private: Path) -> None:
    birds = pd.read_csv(raw / "penguins_raw.csv")
    birds["species"] = birds["Species"].str.split().str[0]
    birds = birds.rename(columns=FEATURES).dropna(subset=["culmen_length_mm"])
    birds = birds[[*FEATURES.values(), "species"]].sample(frac=1, random_state=42)
    birds.insert(0, "id", range(1, len(birds) + 1))

    train, test = train_test_split(birds, test_size=0.3, random_state=42, stratify=birds["species"])
    train.to_csv(public / "train.csv", index=False)
    test.drop(columns="species").to_csv(public / "test.csv", index=False)
    test[["id", "species"]].to_csv(private / "test_answer.csv", index=False)
    test[["id"]].assign(species="Adelie").to_csv(public / "sample_submission.csv", index=False)
