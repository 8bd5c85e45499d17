"""Several tables: foreign keys told from values and names, and the views that they give."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .keys import can_be_key, contained, is_unique, key_set, plain_name, singular
from .reading import Table

DEEPEST = 2
SMALLEST_BASE = 40
MOST_JOINED_COLUMNS = 600


@dataclass(frozen=True)
class Link:
    """Rows of `left` name rows of `right`: the right column is a key."""

    left: str
    left_column: str
    right: str
    right_column: str
    one_to_one: bool


def find_links(tables: dict[str, Table]) -> list[Link]:
    """Foreign keys: the right column is unique, nearly all left values are among its values, and the names agree
    or the values are too many to agree by chance."""
    unique: dict[str, list[str]] = {}
    sets: dict[tuple[str, str], set[str]] = {}
    candidates: dict[str, list[str]] = {}
    for name, table in tables.items():
        columns = [column for column in list(table.frame.columns)[:200] if can_be_key(table.frame[column])]
        candidates[name] = columns
        unique[name] = [column for column in columns if table.whole and is_unique(table.frame[column])]

    def values(name: str, column: str) -> set[str]:
        if (name, column) not in sets:
            sets[name, column] = key_set(tables[name].frame[column].head(200_000))
        return sets[name, column]

    found: list[tuple[float, Link]] = []
    for left in tables:
        for column in candidates[left]:
            best: tuple[float, Link] | None = None
            for right in tables:
                if right == left:
                    continue
                for key in unique[right]:
                    alike = _names_agree(column, right, key)
                    text = not _numeric(tables[left], column) and not _numeric(tables[right], key)
                    if not alike and not (text and len(tables[right].frame) >= 10):
                        continue
                    mine = values(left, column)
                    if len(mine) < 2 or contained(mine, values(right, key)) < (0.9 if alike else 0.97):
                        continue
                    if not alike and (len(mine) < 10 or max(map(len, list(mine)[:50])) < 3):
                        continue
                    both = column in unique[left] and contained(values(right, key), mine) > 0.9
                    if column.lower() == key.lower() == "id" and not both:
                        continue
                    score = alike + 1.0 / (1 + len(tables[right].frame))
                    if best is None or score > best[0]:
                        best = (score, Link(left, column, right, key, both))
            if best is not None:
                found.append(best)
    # Between two tables one key counts, the clearest: an address that happens to be unique is not a second one.
    clearest: dict[tuple[str, str], tuple[float, str]] = {}
    for score, link in found:
        pair = (link.left, link.right)
        if pair not in clearest or score > clearest[pair][0]:
            clearest[pair] = (score, link.right_column)
    return [link for _, link in found if clearest[link.left, link.right][1] == link.right_column]


def _numeric(table: Table, column: str) -> bool:
    return table.frame[column].dtype.kind in "iuf"


def _names_agree(column: str, right: str, key: str) -> float:
    """0 when the names of the columns do not speak of one thing, else how clearly they do."""
    mine, theirs, table = plain_name(column), plain_name(key), singular(right)
    if not mine or mine in ("index", "rownames", "unnamed", "value", "n", "count", "number", "year", "rank", "order", "position"):
        return 0.0
    if mine == theirs:
        return 2.0 if mine != "id" else 1.5
    if theirs in ("id", "code", "key", "no", "name") and mine in (table + theirs, table, singular(column) if singular(column) == table else "", table + "id"):
        return 2.0
    if mine.endswith(theirs) and len(theirs) > 3:
        return 1.0
    if singular(column) == singular(key):
        return 1.0
    if mine in ("source", "target", "from", "to", "src", "dst", "node") and theirs in ("id", "node", "nodeid"):
        return 1.0
    if theirs.startswith(mine) and mine.endswith("id") and len(mine) > 2:
        return 0.5
    return 0.0


def related_views(tables: dict[str, Table]) -> tuple[list[dict[str, Any]], set[str]]:
    """Views over linked tables, most telling first, and the names of all tables that stand in some view."""
    links = find_links(tables)
    views: list[tuple[float, dict[str, Any]]] = []
    used: set[str] = set()
    for name, table in tables.items():
        own = [link for link in links if link.left == name]
        keys = {link.left_column for link in own} | {link.right_column for link in links if link.right == name}
        attributes = [column for column in table.frame.columns if column not in keys]
        counterpart = [link for link in own if link.one_to_one and not _leads(tables, link)]
        if table.rows < SMALLEST_BASE or not attributes or counterpart:
            continue
        view, joined = build_view(name, tables, links)
        composite = _composite_joins(name, tables, view)
        if composite is None:
            continue
        view["joins"] += composite
        view["recipes"].update({join["table"]: tables[join["table"]].recipe for join in composite})
        joined += [join["table"] for join in composite]
        views.append((table.rows * min(len(attributes) + len(joined), 50), view))
        used |= {name, *joined}
    views.sort(key=lambda entry: -entry[0])
    return [view for _, view in views], used


def _composite_joins(base: str, tables: dict[str, Table], view: dict[str, Any]) -> list[dict[str, Any]] | None:
    """Joins on two to four columns of one name that are a key only together (a shop and a day); None when the base
    itself is the side table of such a pair."""
    present = {join["table"] for join in view["joins"]}
    left = tables[base]
    joins = []
    for name, right in tables.items():
        shared = [column for column in right.frame.columns if column in left.frame.columns and right.frame[column].dtype.kind != "f"]
        others = [column for column in right.frame.columns if column not in shared]
        if name == base or name in present or not others or not 2 <= len(shared) <= 4 or len(right.frame) < SMALLEST_BASE:
            continue
        if not (left.whole and right.whole) or right.frame.duplicated(subset=shared).any():
            continue
        mine = set(map(tuple, left.frame[shared].astype("str").to_numpy()))
        theirs = set(map(tuple, right.frame[shared].astype("str").to_numpy()))
        if len(mine & theirs) < 0.9 * len(mine):
            continue
        mutual = len(mine) == len(left.frame) and len(mine & theirs) >= 0.9 * len(theirs)
        if mutual and not _leads(tables, Link(base, "", name, "", True)):
            return None
        prefix = "" if not {str(column) for column in left.frame.columns} & set(others) and mutual else f"{re.sub(r'[^a-z0-9]+', '_', name.lower())}."
        joins.append({"table": name, "leftOn": shared, "rightOn": shared, "columns": others, "prefix": prefix, "kind": "one"})
    return joins


def _leads(tables: dict[str, Table], link: Link) -> bool:
    """Whether of two tables with the same keys the left one is the base: the longer, the wider, then the earlier."""
    order = list(tables)
    left, right = tables[link.left], tables[link.right]
    mine = (-left.rows, -left.frame.shape[1], order.index(link.left))
    theirs = (-right.rows, -right.frame.shape[1], order.index(link.right))
    return mine < theirs


def build_view(
    base: str, tables: dict[str, Table], links: list[Link], plain: frozenset[str] = frozenset()
) -> tuple[dict[str, Any], list[str]]:
    """The view of one base table with all that its rows name (two steps deep) and counts of what names them.

    Columns of one-to-one partners and of the tables in `plain` keep their names where no other column has them.
    """
    joins: list[dict[str, Any]] = []
    prefixes: set[str] = set()
    taken = {str(column) for column in tables[base].frame.columns}
    # Where a joined table's own key is found in the view: it is dropped there, being equal to what names it.
    keys: dict[tuple[str, str], str] = {}

    def prefix_for(table: str, column: str) -> str:
        plain = re.sub(r"[^\w]+", "_", table).strip("_").lower()
        for candidate in (f"{plain}.", f"{plain}.{column}.", *(f"{plain}_{number}." for number in range(2, 99))):
            if candidate not in prefixes:
                prefixes.add(candidate)
                return candidate
        return f"{plain}_{len(prefixes)}."

    joined: list[str] = []
    queue = [(base, "", 0, (base,))]
    while queue:
        name, prefix, depth, way = queue.pop(0)
        own = [link for link in links if link.left == name and link.right not in way]
        for link in own:
            right = tables[link.right]
            columns = [column for column in right.frame.columns if column != link.right_column]
            if not columns or len(taken) + len(columns) > MOST_JOINED_COLUMNS or depth >= DEEPEST:
                continue
            several = sum(other.right == link.right for other in own) > 1
            if (link.one_to_one or link.right in plain) and not several and not taken & set(columns):
                new = ""
            else:
                new = prefix_for(f"{link.right}.{link.left_column}" if several else link.right, link.left_column)
            left_column = keys.get((prefix, link.left_column), prefix + link.left_column)
            if any(join["table"] == link.right and join["leftOn"] == [left_column] for join in joins):
                continue
            keys[new, link.right_column] = left_column
            joins.append({"table": link.right, "leftOn": [left_column], "rightOn": [link.right_column], "columns": columns, "prefix": new, "kind": "one"})
            taken |= {new + str(column) for column in columns}
            joined.append(link.right)
            queue.append((link.right, new, depth + 1, (*way, link.right)))
    for link in links:
        if link.right == base and not link.one_to_one and link.left != base:
            several = sum(other.right == base and other.left == link.left for other in links) > 1
            new = prefix_for(f"{link.left}.{link.left_column}" if several else link.left, link.left_column)
            joins.append({"table": link.left, "leftOn": [link.right_column], "rightOn": [link.left_column], "columns": [], "prefix": new, "kind": "count"})
            joined.append(link.left)
    recipes = {name: tables[name].recipe for name in dict.fromkeys([base, *(join["table"] for join in joins)])}
    return {"id": base, "recipes": recipes, "base": base, "joins": joins, "media": None}, joined
