"""`mktg review` on PostgreSQL: the same findings as on DuckDB, computed inside the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engines.required import require
from marketing_analytics.review.data import keyed
from marketing_analytics.review.data.compare import compare_tables
from marketing_analytics.review.data.postgres import PostgresSession
from review.test_data_keyed import BASE, CUSTOMERS, HEAD
from review.two_builds import table, two_builds_in_memory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketing_analytics.engines.postgres import Server
    from marketing_analytics.review.findings import DataChange

EDGES = (
    "1, 'a', 1, 'nan', 1",
    "2, 'a', 2, 'infinity', 2",
    "3, null, 3, 1e300, 3",
    "4, '', 4, 0.1, 4",
    "null, 'b', 5, 0.30000000000000004, 5",
)
OTHER_EDGES = (
    "1, 'a', 1, 1, 1",
    "2, 'a', 2, 'infinity', 2",
    "3, null, 3, 1e300, 4",
    "4, null, 4, null, 4",
    "null, 'b', 5, 0.3, 5",
)
AS_VIEW = (
    "; alter table marts.orders rename to kept; "
    "create view marts.orders as select * from marts.kept"
)
NARROW = "id integer, tier varchar, revenue integer, rate double precision, score bigint"


@pytest.fixture(scope="module")
def session(server: Server) -> Iterator[PostgresSession]:
    require("postgres", "psycopg2")
    from marketing_analytics.engines.postgres import connected  # noqa: PLC0415 (an extra)

    with connected(server) as cursor:
        yield PostgresSession(cursor=cursor)


def on_postgres(session: PostgresSession, base: str, head: str, key: tuple[str, ...]) -> DataChange:
    for side, statements in (("base", base), ("head", head)):
        session.run(f"drop schema if exists review_{side} cascade; create schema review_{side}")
        session.run(statements.replace("marts.", f"review_{side}."))
    return compare_tables(
        session, "review_base.orders", "review_head.orders", key=key, adapter="postgres"
    )


def on_duckdb(base: str, head: str, key: tuple[str, ...]) -> DataChange:
    with two_builds_in_memory(base, head) as session:
        return compare_tables(session, "marts.orders", "marts.orders", key=key)


CASES = {
    "a few rows": (BASE, HEAD, ("id",)),
    "no key": (BASE, HEAD, ()),
    "two columns": (BASE, HEAD, ("id", "tier")),
    "edges": (table(CUSTOMERS, *EDGES), table(CUSTOMERS, *OTHER_EDGES), ("id",)),
    "edges as bags": (table(CUSTOMERS, *EDGES), table(CUSTOMERS, *OTHER_EDGES), ()),
    "other types": (table(CUSTOMERS, *EDGES), table(NARROW, *OTHER_EDGES), ("id",)),
    "emptied": (BASE, table(CUSTOMERS), ("id",)),
    "views": (BASE + AS_VIEW, HEAD + AS_VIEW, ("id",)),
}


@pytest.mark.parametrize("many", [0.0, 1.0], ids=["whole rows", "hashes"])
@pytest.mark.parametrize("case", CASES)
def test_finds_what_duckdb_finds(
    session: PostgresSession, monkeypatch: pytest.MonkeyPatch, case: str, many: float
) -> None:
    monkeypatch.setattr(keyed, "MANY", many)
    base, head, key = CASES[case]
    expected = on_duckdb(base, head, key)
    assert not expected.is_identical
    # As text, because a double that is no number is not equal to itself.
    assert repr(on_postgres(session, base, head, key)) == repr(expected)
