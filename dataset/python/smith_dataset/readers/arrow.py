from pathlib import Path

import pandas as pd


def read_arrow(
    raw: Path,
    paths: list[str],
    names: list[str] | None = None,
    rename: dict[str, str] | None = None,
    parts: list[str] | None = None,
    part_column: str = "part",
) -> pd.DataFrame:
    """Arrow files (IPC file, IPC stream or Feather) as one table; several files are stacked, with a part column."""
    import pyarrow as pa

    frames = []
    for path in paths:
        with pa.memory_map(str(raw / path)) as source:
            try:
                reader = pa.ipc.open_file(source)
            except pa.ArrowInvalid:
                source.seek(0)
                reader = pa.ipc.open_stream(source)
            frames.append(reader.read_all().to_pandas().reset_index(drop=True))
    if len(paths) > 1:
        labels = parts or [Path(path).name.split(".")[0] for path in paths]
        frames = [frame.assign(**{part_column: label}) for frame, label in zip(frames, labels)]
    table = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    if names is not None:
        table.columns = names
    return table.rename(columns=rename or {})
