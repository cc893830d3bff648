"""The raw tables of a DuckDB file, to copy to another engine."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from marketing_analytics.warehouse import connect

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from marketing_analytics.raw_schema import RawSource, RawTable

Loaded = list[tuple[str, list["RawTable"]]]  # schema, and the tables that are there


@contextmanager
def raw_tables(
    database: Path, sources: Iterable[RawSource]
) -> Iterator[tuple[DuckDBPyConnection, Loaded]]:
    """Yield a connection to a DuckDB file, and which declared raw tables it has, by schema.

    Raises:
        MarketingAnalyticsError: the file cannot be opened.
    """
    connection = connect(database, read_only=True)
    try:
        there = set(
            connection.execute(
                "select table_schema, table_name from information_schema.tables"
            ).fetchall()
        )
        found = (
            (source.schema, [t for t in source.tables if (source.schema, t.name) in there])
            for source in sources
        )
        yield connection, [(schema, tables) for schema, tables in found if tables]
    finally:
        connection.close()
