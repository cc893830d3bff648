"""Whether two tables hold the same answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

MADE_AT = "dbt_updated_at"  # says when rows were made, which is no part of the answer
FLOATS = ("DOUBLE", "FLOAT")
RELATIVE = 1e-9
ABSOLUTE = 1e-12  # of a difference between two rates that are nearly the same
MOST_JOINED = 3_000_000  # rows; beyond, sums over all rows are compared


def difference(
    connection: DuckDBPyConnection, mart: str, hand: str, key: Sequence[str]
) -> str | None:
    """Return in words how the answers of two tables or (queries) differ; None where they do not.

    Values are compared as they are, doubles to nine digits, row by row by the mart's key.
    """
    columns = _columns(connection, mart)
    by_hand = _columns(connection, hand)
    if list(columns) != list(by_hand):
        return f"other columns by hand: {', '.join(by_hand)}; of the mart: {', '.join(columns)}"
    columns.pop(MADE_AT, None)
    floats = [name for name in columns if columns[name] in FLOATS or by_hand[name] in FLOATS]
    first, second = (_sums(connection, one, columns, floats) for one in (mart, hand))
    rows, hand_rows = first[0], second[0]
    if rows != hand_rows:
        return f"{rows:,} rows of the mart, {hand_rows:,} by hand"
    if not rows:
        return "no rows"
    if rows > MOST_JOINED or not key:
        return _sums_differ(first, second, floats)
    for name, one in (("one_mart", mart), ("one_by_hand", hand)):
        connection.execute(f"create or replace temp table {name} as select * from {one}")
    exact = [name for name in columns if name not in floats]
    return _values_differ(connection, "one_mart", "one_by_hand", (key, exact, floats))


def _columns(connection: DuckDBPyConnection, relation: str) -> dict[str, str]:
    return {row[0]: row[1] for row in connection.execute(f"describe from {relation}").fetchall()}


def _number(connection: DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def _values_differ(
    connection: DuckDBPyConnection,
    mart: str,
    hand: str,
    columns: tuple[Sequence[str], Sequence[str], Sequence[str]],
) -> str | None:
    key, exact, floats = columns
    conditions = {name: f'mart."{name}" is distinct from hand."{name}"' for name in exact}
    for name in floats:
        one, other = f'mart."{name}"::double', f'hand."{name}"::double'
        conditions[name] = (
            f"case when {one} is null or {other} is null then {one} is distinct from {other} "
            f"else abs({one} - {other}) > {RELATIVE} * greatest(abs({one}), abs({other})) "
            f"+ {ABSOLUTE} end"
        )
    counts = ", ".join(f"count(*) filter ({condition})" for condition in conditions.values())
    joined = " and ".join(f'mart."{name}" is not distinct from hand."{name}"' for name in key)
    row = connection.execute(
        f"select count(*), {counts} from {mart} as mart join {hand} as hand on {joined}"
    ).fetchone()
    assert row is not None
    matched, found = row[0], row[1:]
    rows = _number(connection, f"select count(*) from {mart}")
    if matched != rows:
        return f"{matched:,} of {rows:,} rows have the same {', '.join(key)}"
    differing = [
        f"{name} in {count:,} rows" for name, count in zip(conditions, found, strict=True) if count
    ]
    return "; ".join(differing) or None


def _sums(
    connection: DuckDBPyConnection, relation: str, columns: dict[str, str], floats: Sequence[str]
) -> tuple[Any, ...]:
    """Return the number of rows, the sum of their hashes, and count and sum of each float."""
    exact = [f'"{name}"::{kind}' for name, kind in columns.items() if name not in floats]
    asked = ["count(*)", f"sum(hash({', '.join(exact)}))"]
    asked += [f'count("{name}")' for name in floats]
    asked += [f'sum("{name}"::double)' for name in floats]
    row = connection.execute(f"select {', '.join(asked)} from {relation}").fetchone()
    assert row is not None
    return row


def _sums_differ(
    first: tuple[Any, ...], second: tuple[Any, ...], floats: Sequence[str]
) -> str | None:
    whole = 2 + len(floats)
    if first[:whole] != second[:whole]:
        return "other values, by the sum of all rows' hashes"
    for name, one, other in zip(floats, first[whole:], second[whole:], strict=True):
        if one != other and abs(one - other) > RELATIVE * max(abs(one), abs(other)) + ABSOLUTE:
            return f"the sum of {name} is {one} in the mart, {other} by hand"
    return None
