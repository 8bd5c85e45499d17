import gzip
import json
from pathlib import Path

import pandas as pd


def read_json(
    raw: Path,
    paths: list[str],
    shape: str = "records",
    pointer: list[str] | None = None,
    keys: list[str] | None = None,
    encoding: str = "utf-8",
    names: list[str] | None = None,
    rename: dict[str, str] | None = None,
    parts: list[str] | None = None,
    part_column: str = "part",
) -> pd.DataFrame:
    """A table inside a JSON file; nested objects become columns `outer.inner`, lists stay lists.

    `pointer` leads to the table. Shapes: `records` is a list of rows (objects or lists), `columns` an object of
    columns, `index` an object of id to row, `parts` an object of part to list of rows (only `keys`, if given).
    """

    def rows_of(values: list) -> pd.DataFrame:
        if any(isinstance(value, dict) for value in values):
            return pd.json_normalize([value for value in values if isinstance(value, dict)], max_level=3)
        frame = pd.DataFrame([value if isinstance(value, list) else [value] for value in values])
        frame.columns = [f"column_{number}" for number in range(1, frame.shape[1] + 1)]
        return frame

    frames = []
    for path in paths:
        opener = gzip.open if path.endswith(".gz") else open
        with opener(raw / path, "rt", encoding=encoding, errors="replace") as file:
            data = json.load(file)
        for step in pointer or []:
            data = data[step]
        if shape == "columns":
            frame = pd.DataFrame({name: list(v.values()) if isinstance(v, dict) else v for name, v in data.items()})
        elif shape == "index":
            values = list(data.values())
            if any(isinstance(value, dict) for value in values):
                frame = rows_of([value if isinstance(value, dict) else {} for value in values])
            else:
                frame = pd.DataFrame({"values": values})
            frame.insert(0, "key" if "id" in frame.columns else "id", list(data))
            if all(key.isdigit() and str(int(key)) == key for key in data):
                frame = frame.assign(**{frame.columns[0]: [int(key) for key in data]})
        elif shape == "parts":
            selected = keys or list(data)
            frame = pd.concat([rows_of(data[key]).assign(**{part_column: key}) for key in selected], ignore_index=True)
        else:
            frame = rows_of(data)
        frames.append(frame)
    if len(paths) > 1:
        labels = parts or [Path(path).name.split(".")[0] for path in paths]
        frames = [frame.assign(**{part_column: label}) for frame, label in zip(frames, labels)]
    table = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    if names is not None:
        table.columns = names
    return table.rename(columns=rename or {})
