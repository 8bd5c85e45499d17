import json

import pandas as pd


def key_column(values: pd.Series) -> pd.Series:
    """Keys as text, so that 7, 7.0 and "7" are one key; missing stays missing."""
    if pd.api.types.is_float_dtype(values) and (values.dropna() % 1 == 0).all():
        values = values.astype("Int64")
    return values.astype("str").where(values.notna())


def join_one(
    left: pd.DataFrame,
    right: pd.DataFrame,
    left_on: list[str],
    right_on: list[str],
    columns: list[str],
    prefix: str,
) -> pd.DataFrame:
    """Brings `columns` of the right table to the rows of the left one; of several matches the first counts."""
    keys = [f"key {number}" for number in range(len(left_on))]
    source = right[columns].add_prefix(prefix)
    source = source.assign(**{key: key_column(right[name]) for key, name in zip(keys, right_on)})
    source = source.dropna(subset=keys).drop_duplicates(subset=keys).set_index(keys)
    target = pd.DataFrame({key: key_column(left[name]) for key, name in zip(keys, left_on)}, index=left.index)
    return pd.concat([left, target.join(source, on=keys).drop(columns=keys)], axis=1)


def join_count(
    left: pd.DataFrame, right: pd.DataFrame, left_on: list[str], right_on: list[str], prefix: str
) -> pd.DataFrame:
    """Adds the number of rows of the right table that match each row of the left one."""
    keys = [f"key {number}" for number in range(len(left_on))]
    source = pd.DataFrame({key: key_column(right[name]) for key, name in zip(keys, right_on)}).dropna()
    counts = source.groupby(keys).size().rename("count")
    target = pd.DataFrame({key: key_column(left[name]) for key, name in zip(keys, left_on)}, index=left.index)
    return left.assign(**{f"{prefix}count": target.join(counts, on=keys)["count"].fillna(0).astype(int)})


def join_lists(table: pd.DataFrame) -> pd.DataFrame:
    """Lists in cells become texts of their members between blanks, objects become JSON."""

    def plain(cell: object) -> object:
        if hasattr(cell, "tolist") and not isinstance(cell, (int, float, str)):
            cell = cell.tolist()
        if isinstance(cell, (list, tuple)):
            return " ".join(
                json.dumps(member, sort_keys=True) if isinstance(member, (dict, list)) else str(member) for member in cell
            )
        return json.dumps(cell, sort_keys=True) if isinstance(cell, dict) else cell

    for name in table.select_dtypes("object").columns:
        table = table.assign(**{name: table[name].map(plain)})
    return table
