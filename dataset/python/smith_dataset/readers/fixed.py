from pathlib import Path

import pandas as pd


def read_fixed(
    raw: Path,
    paths: list[str],
    spans: list[list[int]] | None = None,
    encoding: str = "utf-8",
    skip_rows: int = 0,
    header_rows: int = 1,
    names: list[str] | None = None,
    rename: dict[str, str] | None = None,
) -> pd.DataFrame:
    """Text in columns of fixed width; `spans` are [from, to) positions of each column."""
    frames = [
        pd.read_fwf(
            raw / path,
            colspecs=[(start, end) for start, end in spans] if spans else "infer",
            encoding=encoding,
            encoding_errors="replace",
            skiprows=skip_rows + (header_rows if names is not None else 0),
            header=0 if header_rows and names is None else None,
            names=names,
            keep_default_na=False,
            na_values=["", "NA", "N/A", "NaN", "nan", "NULL", "null", "?", "."],
        )
        for path in paths
    ]
    return pd.concat(frames, ignore_index=True).rename(columns=rename or {})
