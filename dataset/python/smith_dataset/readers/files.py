import re
from pathlib import Path

import pandas as pd


def read_files(
    raw: Path,
    paths: list[str],
    extensions: list[str] | None = None,
    exclude: list[str] | None = None,
    root: str = "",
    keys: list[str] | None = None,
    text: str | None = None,
    split_names: bool = True,
) -> pd.DataFrame:
    """One row a file under the folders `paths`, in order of path.

    Columns: `path` (relative to raw), `stem`, `folder_1` … (folders between `root` and the file), `name_1` … (words
    and numbers of the file name, where all names have the same form); with `keys` also `file` (the name with its
    ending) and `local` (the path below `root`), with `text` (an encoding) what is written in the file.
    """
    wanted = {extension.lower() for extension in extensions or []}
    hidden = set(exclude or [])
    found = set()
    for path in paths:
        for file in (raw / path).rglob("*"):
            if file.is_file() and not file.name.startswith(".") and (not wanted or file.suffix.lower() in wanted):
                found.add(file.relative_to(raw).as_posix())
    table = pd.DataFrame({"path": sorted(found - hidden)})
    table["stem"] = [Path(path).stem for path in table["path"]]
    local = [path.removeprefix(root).lstrip("/") for path in table["path"]]
    if "file" in (keys or []):
        table["file"] = [Path(path).name for path in table["path"]]
    if "local" in (keys or []):
        table["local"] = local
    folders = [Path(path).parts[:-1] for path in local]
    for level in range(max((len(parts) for parts in folders), default=0)):
        table[f"folder_{level + 1}"] = [parts[level] if level < len(parts) else None for parts in folders]
    words = [re.findall(r"[^\W\d_]+|\d+", stem) for stem in table["stem"]]
    shapes = {tuple(word.isdigit() for word in parts) for parts in words}
    if split_names and len(shapes) == 1:
        for position, number in enumerate(shapes.pop()):
            values = [parts[position] for parts in words]
            table[f"name_{position + 1}"] = [int(value) for value in values] if number else values
    if text is not None:
        contents = [(raw / path).read_text(encoding=text, errors="replace") for path in table["path"]]
        table["text"] = [content.replace("\0", " ").strip() for content in contents]
    return table
