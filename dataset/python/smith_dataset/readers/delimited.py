from pathlib import Path

import pandas as pd


def read_delimited(
    raw: Path,
    paths: list[str],
    separator: str = ",",
    encoding: str = "utf-8",
    quote: str | None = '"',
    compression: str | None = None,
    skip_rows: int = 0,
    header_rows: int = 1,
    names: list[str] | str | None = None,
    rename: dict[str, str] | None = None,
    decimal: str = ".",
    thousands: str | None = None,
    comment: str | None = None,
    strip: bool = False,
    missing: list[str] | None = None,
    numbers: list[str] | None = None,
    texts: list[str] | None = None,
    skip_bad_lines: bool = False,
    parts: list[str] | None = None,
    part_column: str = "part",
) -> pd.DataFrame:
    """Delimited text as a table. Several files are stacked, with a column that says which part a row is of.

    `names` replaces the header (a text is a prefix before column numbers), `missing` adds marks of an absent
    value, `numbers` are columns of numbers among symbols ($1,200 or 45%), `texts` keep leading zeros.
    """
    marks = ["", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", "?", *(missing or [])]
    frames = []
    for path in paths:
        frame = pd.read_csv(
            raw / path,
            sep=separator,
            encoding=encoding,
            encoding_errors="replace",
            compression=compression,
            quotechar=quote or '"',
            quoting=0 if quote else 3,  # csv.QUOTE_MINIMAL, csv.QUOTE_NONE
            skiprows=skip_rows + (header_rows if names is not None else 0),
            header=0 if header_rows and names is None else None,
            names=names if isinstance(names, list) else None,
            index_col=False,
            decimal=decimal,
            thousands=thousands,
            comment=comment,
            skipinitialspace=strip,
            keep_default_na=False,
            na_values=marks,
            dtype={name: str for name in texts or []},
            on_bad_lines="skip" if skip_bad_lines else "error",
            engine="python" if separator == "::" else "c",
        )
        if isinstance(names, str) or (names is None and not header_rows):
            frame.columns = [f"{names or 'column_'}{number}" for number in range(1, frame.shape[1] + 1)]
        frames.append(frame)
    if len(paths) > 1:
        labels = parts or [Path(path).name.split(".")[0] for path in paths]
        frames = [frame.assign(**{part_column: label}) for frame, label in zip(frames, labels)]
    table = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    if strip:
        table.columns = [str(name).strip() for name in table.columns]
        for name in [column for column in table.columns if pd.api.types.is_string_dtype(table[column])]:
            table[name] = table[name].str.strip()
    for name in numbers or []:
        cells = table[name].astype("str").str.replace(r"[$€£¥%,'\"\s]", "", regex=True)
        table[name] = pd.to_numeric(cells, errors="coerce")
    return table.rename(columns=rename or {})
