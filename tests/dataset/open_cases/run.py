"""Each folder under /job/raw, and each that `make` writes, is a dataset: what is discovered and how its views load."""

import json
import tempfile
from pathlib import Path

from smith_dataset.discover import discover
from smith_dataset.view import load_view

from .make import make_datasets


def run_case(folder: Path) -> dict:
    found = discover(folder)
    frames = []
    for entry in found["views"]:
        frame = load_view(folder, entry["view"])
        head = json.loads(frame.head(3).to_json(orient="values", date_format="iso"))
        kinds = [str(kind) for kind in frame.dtypes][:50]
        frames.append({"columns": list(frame.columns)[:50], "kinds": kinds, "width": frame.shape[1], "rows": len(frame), "head": [row[:50] for row in head]})
    return {"found": found, "frames": frames}


if __name__ == "__main__":
    made = Path(tempfile.mkdtemp())
    make_datasets(made)
    folders = [*Path("/job/raw").iterdir(), *made.iterdir()]
    results = {folder.name: run_case(folder) for folder in sorted(folders, key=lambda folder: folder.name)}
    Path("/out/result.json").write_text(json.dumps(results))
