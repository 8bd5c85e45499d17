from pathlib import Path

import pandas as pd


def read_excel(
    raw: Path,
    paths: list[str],
    sheet: str | int = 0,
    skip_rows: int = 0,
    header_rows: int = 1,
    names: list[str] | None = None,
    rename: dict[str, str] | None = None,
    parts: list[str] | None = None,
    part_column: str = "part",
) -> pd.DataFrame:
    """One sheet of an Excel file; `skip_rows` come before the header. Empty rows are dropped."""
    frames = []
    for path in paths:
        frame = pd.read_excel(
            raw / path,
            sheet_name=sheet,
            engine="openpyxl",
            skiprows=skip_rows + (header_rows if names is not None else 0),
            header=0 if header_rows and names is None else None,
            keep_default_na=False,
            na_values=["", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", "?"],
        )
        if names is not None:
            frame.columns = names
        elif not header_rows:
            frame.columns = [f"column_{number}" for number in range(1, frame.shape[1] + 1)]
        frames.append(frame.dropna(how="all"))
    if len(paths) > 1:
        labels = parts or [Path(path).name.split(".")[0] for path in paths]
        frames = [frame.assign(**{part_column: label}) for frame, label in zip(frames, labels)]
    return pd.concat(frames, ignore_index=True).rename(columns=rename or {})
