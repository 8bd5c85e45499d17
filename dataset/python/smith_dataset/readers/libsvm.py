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
    blocks, firsts, widest, counted = [], [], width or 0, 0
    for number, path in enumerate(paths):
        labels, query_ids, cells = [], [], []
        with open(raw / path, encoding="utf-8", errors="replace") as file:
            for line in file:
                words = line.split("#")[0].split()
                for word in words[1:]:
                    index, value = word.split(":", 1)
                    if index == "qid":
                        query_ids.append(value)
                    else:
                        cells.append((len(labels), int(index), float(value)))
                labels += words[:1]
        if queries:
            sizes = [int(word) for word in (raw / queries[number]).read_text().split()]
            query_ids = list(np.repeat(np.arange(counted, counted + len(sizes)), sizes))
            counted += len(sizes)
        first = pd.DataFrame({"label": labels})
        if query_ids:
            first["query"] = query_ids
        if len(paths) > 1:
            first[part_column] = parts[number] if parts else Path(path).name
        rows, columns, values = (np.array(list(cell)) for cell in zip(*cells))
        block = np.zeros((len(labels), int(columns.max()) + 1))
        block[rows, columns] = values
        blocks.append(block)
        firsts.append(first)
        widest = max(widest, block.shape[1] - 1)
    dense = np.vstack([np.pad(block, ((0, 0), (0, widest + 1 - block.shape[1]))) for block in blocks])
    start = 0 if dense[:, 0].any() else 1
    features = pd.DataFrame(dense[:, start:], columns=[f"f{index}" for index in range(start, widest + 1)])
    table = pd.concat(firsts, ignore_index=True)
    for name in ("label", "query"):
        if name in table.columns and pd.to_numeric(table[name], errors="coerce").notna().all():
            table[name] = pd.to_numeric(table[name])
    return pd.concat([table, features], axis=1)
