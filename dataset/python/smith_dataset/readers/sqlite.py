import sqlite3
from pathlib import Path
from urllib.parse import quote

import pandas as pd


def read_sqlite(
    raw: Path,
    paths: list[str],
    table: str = "",
    names: list[str] | None = None,
    rename: dict[str, str] | None = None,
) -> pd.DataFrame:
    """One table of an SQLite database, opened without any writing. Binary cells become missing."""
    connection = sqlite3.connect(f"file:{quote(str(raw / paths[0]))}?mode=ro&immutable=1", uri=True)
    connection.text_factory = lambda content: content.decode("utf-8", "replace")
    try:
        quoted = table.replace('"', '""')
        cursor = connection.execute(f'SELECT * FROM "{quoted}"')
        columns = [column[0] for column in cursor.description]
        rows = [[None if isinstance(cell, bytes) else cell for cell in row] for row in cursor]
    finally:
        connection.close()
    return pd.DataFrame(rows, columns=names or columns).rename(columns=rename or {})
