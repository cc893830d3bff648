"""Reads every mart of a built database, whatever the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from marketing_analytics.engines.compare import Table
from marketing_analytics.warehouse import connect

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

MART_SCHEMAS = ("marketing", "mart_marketing", "customer")
IN_THE_CATALOG = (
    "select table_schema || '.' || table_name from information_schema.tables "
    f"where table_schema in {MART_SCHEMAS}"
)


class Cursor(Protocol):
    """What the drivers of all engines offer."""

    @property
    def description(self) -> Sequence[Any] | None:
        """The columns of the last query, each with its name first."""

    def execute(self, query: str, /) -> object:
        """Run a query."""

    def fetchall(self) -> list[Any]:
        """Return the rows of the last query."""


def duckdb_marts(database: Path) -> dict[str, Table]:
    """Read every mart of a built DuckDB file.

    Raises:
        MarketingAnalyticsError: the file cannot be opened.
    """
    connection = connect(database, read_only=True)
    try:
        return catalogued_marts(connection)
    finally:
        connection.close()


def catalogued_marts(cursor: Cursor) -> dict[str, Table]:
    """Read every mart of an engine that lists its tables in an information schema."""
    cursor.execute(IN_THE_CATALOG)
    return read_tables(cursor, [name for (name,) in cursor.fetchall()])


def read_tables(cursor: Cursor, names: Iterable[str]) -> dict[str, Table]:
    """Read tables by their names, schema.table, in full."""
    found = {}
    for name in names:
        cursor.execute(f"select * from {name}")
        columns = tuple(column[0].rpartition(".")[2] for column in cursor.description or ())
        found[name] = Table(columns=columns, rows=tuple(cursor.fetchall()))
    return found
