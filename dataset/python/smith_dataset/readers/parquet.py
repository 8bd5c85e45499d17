from pathlib import Path

import pandas as pd


def read_parquet(
    raw: Path,
    paths: list[str],
    names: list[str] | None = None,
    rename: dict[str, str] | None = None,
    parts: list[str] | None = None,
    part_column: str = "part",
) -> pd.DataFrame:
    """Parquet files as one table; several files are stacked, with a column that says which part a row is of."""
    frames = [pd.read_parquet(raw / path).reset_index(drop=True) for path in paths]
    if len(paths) > 1:
        labels = parts or [Path(path).name.split(".")[0] for path in paths]
        frames = [frame.assign(**{part_column: label}) for frame, label in zip(frames, labels)]
    table = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    if names is not None:
        table.columns = names
    return table.rename(columns=rename or {})
