import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pandas as pd


def read_voc(raw: Path, paths: list[str], names: list[str] | None = None) -> pd.DataFrame:
    """Pascal VOC annotations under the folders `paths` as one row a file: `stem`, `width`, `height`, the number of
    `objects`, and `count_<class>` for each class."""
    rows = []
    for path in sorted({file for folder in paths for file in (raw / folder).rglob("*.xml")}):
        content = path.read_text(encoding="utf-8", errors="replace")
        if "<!ENTITY" in content:
            continue
        try:
            root = ElementTree.fromstring(content)
        except ElementTree.ParseError:
            continue
        row = {"stem": path.stem, "width": root.findtext("size/width"), "height": root.findtext("size/height"), "objects": 0}
        for thing in root.iter("object"):
            row["objects"] += 1
            column = f"count_{thing.findtext('name')}"
            row[column] = row.get(column, 0) + 1
        rows.append(row)
    table = pd.DataFrame(rows)
    counts = sorted(column for column in table.columns if column.startswith("count_"))
    table[counts] = table[counts].fillna(0).astype(int)
    for column in ("width", "height"):
        table[column] = pd.to_numeric(table[column], errors="coerce")
    table = table[["stem", "width", "height", "objects", *counts]]
    if names is not None:
        table.columns = names
    return table
