from pathlib import Path

import numpy as np
import pandas as pd


def read_libsvm(
    raw: Path,
    paths: list[str],
    queries: list[str] | None = None,
    width: int | None = None,
    parts: list[str] | None = None,
    part_column: str = "part",
) -> pd.DataFrame:
    """Lines `label [qid:query] index:value …` as columns `label`, `query`, `f1` to `f<width>`; absent values are 0.

    `queries` are files beside the data that hold the number of rows of each query, in order. Queries are numbered
    through all files.
    """
    frames, highest, counted = [], width or 0, 0
    for number, path in enumerate(paths):
        labels, query_ids, cells = [], [], []
        with open(raw / path, encoding="utf-8", errors="replace") as file:
            for line in file:
                words = line.split("#")[0].split()
                if not words:
                    continue
                for word in words[1:]:
                    index, value = word.split(":", 1)
                    if index == "qid":
                        query_ids.append(value)
                    else:
                        cells.append((len(labels), int(index), float(value)))
                labels.append(words[0])
        rows, columns, values = (np.array(part) for part in zip(*cells))
        highest = max(highest, int(columns.max()))
        dense = np.zeros((len(labels), highest + 1))
        dense[rows.astype(int), columns.astype(int)] = values
        frame = pd.DataFrame(dense, columns=[f"f{index}" for index in range(highest + 1)])
        if queries:
            sizes = [int(line) for line in (raw / queries[number]).read_text().split()]
            query_ids = list(np.repeat(np.arange(counted, counted + len(sizes)), sizes))
            counted += len(sizes)
        if query_ids:
            frame.insert(0, "query", pd.to_numeric(pd.Series(query_ids)))
        label = pd.Series(labels)
        numeric = pd.to_numeric(label, errors="coerce")
        frame.insert(0, "label", label if numeric.isna().any() else numeric)
        frames.append(frame)
    if len(paths) > 1:
        names = parts or [Path(path).name for path in paths]
        frames = [frame.assign(**{part_column: name}) for frame, name in zip(frames, names)]
    table = pd.concat(frames, ignore_index=True)
    features = [f"f{index}" for index in range(highest + 1) if f"f{index}" in table.columns]
    table[features] = table[features].fillna(0.0)
    if (table["f0"] == 0).all():
        features = features[1:]
    others = [name for name in table.columns if name not in {*features, "f0"}]
    return table[[*others, *features]]
