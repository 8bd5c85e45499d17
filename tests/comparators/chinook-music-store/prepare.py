"""Chinook: tracks with what their other tables say, split by artist. Albums and artists tell the genre and are withheld."""

import json
from pathlib import Path

import numpy as np
import pandas as pd

GENRES = ["Alternative & Punk", "Jazz", "Latin", "Metal", "Rock", "TV Shows"]


def prepare(raw: Path, public: Path, private: Path) -> None:
    tables = {name: pd.DataFrame(rows) for name, rows in json.loads((raw / "ChinookData.json").read_text("utf-8")).items()}
    tracks = (
        tables["Track"]
        .merge(tables["Genre"].rename(columns={"Name": "genre"}), on="GenreId")
        .merge(tables["MediaType"].rename(columns={"Name": "media_type"}), on="MediaTypeId")
        .merge(tables["Album"], on="AlbumId")
    )
    sold = tables["InvoiceLine"].groupby("TrackId")["Quantity"].sum()
    tracks["times_sold"] = tracks["TrackId"].map(sold).fillna(0).astype(int)
    tracks = tracks[tracks["genre"].isin(GENRES)].rename(
        columns={"Name": "name", "Composer": "composer", "Milliseconds": "milliseconds", "Bytes": "bytes", "UnitPrice": "unit_price"}
    )
    features = ["name", "composer", "media_type", "milliseconds", "bytes", "unit_price", "times_sold"]
    tracks = tracks.sample(frac=1, random_state=5)
    tracks.insert(0, "id", range(1, len(tracks) + 1))

    # Artists are dealt out genre by genre, so that none is empty on either side.
    test_artists = set()
    for _, part in tracks.groupby("genre"):
        artists = np.random.default_rng(5).permutation(np.sort(part["ArtistId"].unique()))
        test_artists.update(artists[: max(1, round(0.35 * len(artists)))])
    test = tracks[tracks["ArtistId"].isin(test_artists)]
    train = tracks[~tracks["ArtistId"].isin(test_artists)]

    train[["id", *features, "genre"]].to_csv(public / "train.csv", index=False)
    test[["id", *features]].to_csv(public / "test.csv", index=False)
    test[["id", "genre"]].to_csv(private / "test_answer.csv", index=False)
    test[["id", "ArtistId"]].rename(columns={"ArtistId": "unit"}).to_csv(private / "units.csv", index=False)
    test[["id"]].assign(genre="Rock").to_csv(public / "sample_submission.csv", index=False)
