"""What is said of the small changes holds: both versions are run on random tables and compared."""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING

import duckdb
import pytest

from marketing_analytics.review.findings import Change
from review.code_builds import TABLES
from review.test_code_changes import COLUMNS, LOGIC, NO_EFFECT, ROWS, Case

if TYPE_CHECKING:
    from collections.abc import Iterator

SEEDS = range(6)
ROWS_OF_A_TABLE = 30
# Small domains, so that joins find several rows, and groups and ties come up; None in all but keys.
DOMAINS: dict[str, tuple[str, list[object]]] = {
    "amount": ("decimal(18, 2)", [None, 0, 0.5, 1, 2, 1000, 4000, 4500, 5000, 6000]),
    "refund_amount": ("decimal(18, 2)", [None, 0, 1, 2, 3]),
    "status": ("varchar", [None, "a", "b", "c", "test"]),
    "channel": ("varchar", [None, "web", "mail"]),
    "order_date": ("date", [None, "2026-01-01", "2026-01-02", "2026-01-03"]),
    "refund_date": ("date", [None, "2026-01-01", "2026-01-05"]),
    "name": ("varchar", [None, "x", "y"]),
    "segment": ("varchar", [None, "new", "old"]),
    "country": ("varchar", [None, "AT", "DE"]),
    "is_test_user": ("boolean", [None, True, False]),
    "order_id": ("bigint", [None, *range(12)]),
    "customer_id": ("bigint", [None, *range(12)]),
}


@pytest.fixture(scope="module")
def databases() -> Iterator[list[duckdb.DuckDBPyConnection]]:
    """Return databases of random tables. The first column of each is its key."""
    connections = []
    for seed in SEEDS:
        chance = random.Random(seed)
        connection = duckdb.connect()
        connection.execute("create schema raw")
        connection.execute("create schema staging")
        for table, columns in TABLES.items():
            types = [DOMAINS.get(column, ("bigint", []))[0] for column in columns]
            declared = ", ".join(f"{c} {t}" for c, t in zip(columns, types, strict=True))
            connection.execute(f"create table raw.{table} ({declared})")
            for key in range(ROWS_OF_A_TABLE):
                row = [key, *(chance.choice(DOMAINS[column][1]) for column in columns[1:])]
                marks = ", ".join("?" * len(row))
                connection.execute(f"insert into raw.{table} values ({marks})", row)
            connection.execute(f"create view staging.stg_{table} as select * from raw.{table}")
        connections.append(connection)
    yield connections
    for connection in connections:
        connection.close()


def bag(
    connection: duckdb.DuckDBPyConnection, code: str, left_out: frozenset[str]
) -> Counter[tuple[object, ...]]:
    """Return the rows of a query, however often each, without some columns; the others by name."""
    relation = connection.execute(code)
    names = [column[0].lower() for column in relation.description or ()]
    places = [place for place in sorted(range(len(names)), key=names.__getitem__)]
    kept = [place for place in places if names[place] not in left_out]
    return Counter(tuple(row[place] for place in kept) for row in relation.fetchall())


RUN = [case for case in (*NO_EFFECT, *ROWS, *LOGIC, *COLUMNS) if case.change is not Change.UNKNOWN]
SOME_COLUMNS = [case for case in RUN if case.columns is not None]
# Without an order DuckDB may keep any rows, so two versions that differ may give the same.
OTHER_VALUES = [case for case in (*ROWS, *LOGIC) if case.name != "limit added"]


@pytest.mark.parametrize("case", SOME_COLUMNS, ids=lambda case: case.name)
def test_columns_that_are_not_named_hold_what_they_held(
    case: Case, databases: list[duckdb.DuckDBPyConnection]
) -> None:
    named = case.columns or frozenset()
    for connection in databases:
        assert bag(connection, case.before, named) == bag(connection, case.after, named)


@pytest.mark.parametrize("case", OTHER_VALUES, ids=lambda case: case.name)
def test_what_is_called_a_change_of_values_is_one(
    case: Case, databases: list[duckdb.DuckDBPyConnection]
) -> None:
    assert any(
        bag(connection, case.before, frozenset()) != bag(connection, case.after, frozenset())
        for connection in databases
    )
