"""Runs the one look that /job/input.json asks for and writes {"ok", "text"} to /out/result.json."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

JOB = Path("/job")
TOOLS = {
    "list_files": "smith_tools.files",
    "read_file": "smith_tools.files",
    "query_tables": "smith_tools.queries",
    "run_python": "smith_tools.code",
}



def main() -> None:
    asked = json.loads((JOB / "input.json").read_text(encoding="utf-8"))
    module = importlib.import_module(TOOLS[asked["tool"]])
    try:
        text = getattr(module, asked["tool"])(JOB / "raw", asked)
        result = {"ok": True, "text": text}
    except Exception as error:  # whatever a model's query meets is told to it
        result = {"ok": False, "text": f"{type(error).__name__}: {error}"}
    result["text"] = result["text"][: asked["characters"]]
    Path("/out/result.json").write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main()
