import gzip
import json
from pathlib import Path

import pandas as pd


def read_jsonl(
    raw: Path,
    paths: list[str],
    encoding: str = "utf-8",
    names: list[str] | None = None,
    rename: dict[str, str] | None = None,
    parts: list[str] | None = None,
    part_column: str = "part",
) -> pd.DataFrame:
    """One JSON value a line; nested objects become columns `outer.inner`, lists stay lists."""
    frames = []
    for path in paths:
        opener = gzip.open if path.endswith(".gz") else open
        with opener(raw / path, "rt", encoding=encoding, errors="replace") as file:
            rows = [json.loads(line) for line in file if line.strip()]
        if rows and isinstance(rows[0], dict):
            frame = pd.json_normalize([row for row in rows if isinstance(row, dict)], max_level=3)
        else:
            frame = pd.DataFrame([row if isinstance(row, list) else [row] for row in rows])
            frame.columns = [f"column_{number}" for number in range(1, frame.shape[1] + 1)]
        frames.append(frame)
    if len(paths) > 1:
        labels = parts or [Path(path).name.split(".")[0] for path in paths]
        frames = [frame.assign(**{part_column: label}) for frame, label in zip(frames, labels)]
    table = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    if names is not None:
        table.columns = names
    return table.rename(columns=rename or {})
