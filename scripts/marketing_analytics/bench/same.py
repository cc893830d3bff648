"""Whether two tables hold the same answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

FLOATS = ("DOUBLE", "FLOAT")
RELATIVE = 1e-9
ABSOLUTE = 1e-12  # of a difference between two rates that are nearly the same
MOST_JOINED = 20_000_000  # rows; beyond, sums over all rows are compared


def difference(
    connection: DuckDBPyConnection, mart: str, hand: str, key: Sequence[str]
) -> str | None:
    """Return in words how the answers differ; None where they are the same.

    Values are compared as they are, doubles to nine digits, row by row by the mart's key.
    """
    columns = _columns(connection, mart)
    by_hand = _columns(connection, hand)
    if list(columns) != list(by_hand):
        return f"other columns by hand: {', '.join(by_hand)}; of the mart: {', '.join(columns)}"
    rows, hand_rows = (_number(connection, f"select count(*) from {one}") for one in (mart, hand))
    if rows != hand_rows:
        return f"{rows:,} rows of the mart, {hand_rows:,} by hand"
    if not rows:
        return "no rows"
    floats = [name for name in columns if columns[name] in FLOATS or by_hand[name] in FLOATS]
    exact = [name for name in columns if name not in floats]
    if rows > MOST_JOINED:
        return _sums_differ(connection, (mart, hand), columns, floats)
    if not key:
        return _rows_differ(connection, mart, hand, exact)
    return _values_differ(connection, mart, hand, (key, exact, floats))


def _columns(connection: DuckDBPyConnection, relation: str) -> dict[str, str]:
    return {row[0]: row[1] for row in connection.execute(f"describe {relation}").fetchall()}


def _number(connection: DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def _rows_differ(
    connection: DuckDBPyConnection, mart: str, hand: str, columns: Sequence[str]
) -> str | None:
    listed = ", ".join(f'"{name}"' for name in columns)
    for one, other, words in ((mart, hand, "only in the mart"), (hand, mart, "only by hand")):
        count = _number(
            connection,
            f"select count(*) from (select {listed} from {one} "
            f"except all select {listed} from {other})",
        )
        if count:
            return f"{count:,} rows {words}"
    return None


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


def _sums_differ(
    connection: DuckDBPyConnection,
    relations: tuple[str, str],
    columns: dict[str, str],
    floats: Sequence[str],
) -> str | None:
    exact = [f'"{name}"::{kind}' for name, kind in columns.items() if name not in floats]
    sums = [f'sum("{name}"::double)' for name in floats]
    counts = [f'count("{name}")' for name in floats]
    asked = ", ".join([f"sum(hash({', '.join(exact)}))", *counts, *sums])
    found = [connection.execute(f"select {asked} from {one}").fetchone() for one in relations]
    first, second = found
    assert first is not None and second is not None
    whole = 1 + len(floats)
    if first[:whole] != second[:whole]:
        return "other values, by the sum of all rows' hashes"
    for name, one, other in zip(floats, first[whole:], second[whole:], strict=True):
        if abs(one - other) > RELATIVE * max(abs(one), abs(other)) + ABSOLUTE:
            return f"the sum of {name} is {one} in the mart, {other} by hand"
    return None
