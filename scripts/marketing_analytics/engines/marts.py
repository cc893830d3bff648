"""Reads every mart of a built database, whatever the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from marketing_analytics.engines.compare import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from duckdb import DuckDBPyConnection

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


def duckdb_marts(connection: DuckDBPyConnection) -> dict[str, Table]:
    """Read every mart of a built DuckDB file."""
    return catalogued_marts(connection)


def catalogued_marts(cursor: Cursor) -> dict[str, Table]:
    """Read every mart of an engine that lists its tables in an information schema."""
    cursor.execute(IN_THE_CATALOG)
    return tables(cursor, [name for (name,) in cursor.fetchall()])


def tables(cursor: Cursor, names: Iterable[str]) -> dict[str, Table]:
    """Read tables by their names, schema.table, in full."""
    found = {}
    for name in names:
        cursor.execute(f"select * from {name}")
        columns = tuple(column[0].rpartition(".")[2] for column in cursor.description or ())
        found[name] = Table(columns=columns, rows=tuple(cursor.fetchall()))
    return found
