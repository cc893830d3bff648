"""Both builds on one connection, and what the SQL of DuckDB and PostgreSQL calls by other names."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from marketing_analytics.warehouse import attach, in_memory

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection


# What does not fit goes to disk: ten million rows of twelve columns stay below two GiB in all.
MEMORY_LIMIT = "1500MB"
BASE, HEAD = "base", "head"


class Session(Protocol):
    """A connection on which both builds can be read, and temporary tables made."""

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""

    def run(self, sql: str) -> None:
        """Run a statement."""

    def types(self, side: str) -> dict[str, dict[str, str]]:
        """Return the columns and types of every table and view of a side, by schema.table."""

    def views(self, side: str) -> frozenset[str]:
        """Return the views of a side, as schema.table."""

    def relation(self, side: str, name: str) -> str:
        """Return schema.table as a query of that side writes it."""

    def row_hash(self, expressions: Sequence[str]) -> str:
        """Return an expression that is never null: a number of 64 bits for these values."""

    def in_sample(self, expressions: Sequence[str], share: int) -> str:
        """Return a condition that holds for one in `share` of all values of a key."""

    def significant(self, expression: str, digits: int) -> str:
        """Return an expression that rounds a double to so many digits, whatever its size."""

    def quantiles(self, expression: str, fractions: Sequence[float]) -> str:
        """Return an aggregate: a list of interpolated quantiles."""

    def as_text(self, expression: str) -> str:
        """Return the value as text."""


def first_row(session: Session, sql: str) -> tuple[Any, ...]:
    """Return the only row of a query."""
    return session.rows(sql)[0]


def replace_temporary(session: Session, name: str, query: str) -> None:
    """Make a temporary table of a query's rows, in place of the one of that name."""
    session.run(f"drop table if exists {name}")
    session.run(f"create temporary table {name} as {query}")


def quoted(*names: str) -> str:
    """Return names as SQL writes them, whatever they hold."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


@dataclass(frozen=True, slots=True, kw_only=True)
class DuckDbSession:
    """Two DuckDB files, attached read-only as base and head."""

    connection: DuckDBPyConnection

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self.connection.execute(sql).fetchall()

    def run(self, sql: str) -> None:
        """Run a statement."""
        self.connection.execute(sql)

    def types(self, side: str) -> dict[str, dict[str, str]]:
        """Return the columns and types of every table and view of a side, by schema.table."""
        return by_table(
            self.rows(
                "select schema_name || '.' || table_name, column_name, data_type "
                f"from duckdb_columns() where database_name = '{side}' and not internal "
                "order by schema_name, table_name, column_index"
            )
        )

    def views(self, side: str) -> frozenset[str]:
        """Return the views of a side, as schema.table."""
        found = self.rows(
            "select schema_name || '.' || view_name from duckdb_views() "
            f"where database_name = '{side}' and not internal"
        )
        return frozenset(name for (name,) in found)

    def relation(self, side: str, name: str) -> str:
        """Return schema.table as a query of that side writes it."""
        schema, _, table = name.partition(".")
        return quoted(side, schema, table)

    def row_hash(self, expressions: Sequence[str]) -> str:
        """Return an expression that is never null: a number of 64 bits for these values."""
        return f"hash({', '.join(expressions) or '0'})"

    def in_sample(self, expressions: Sequence[str], share: int) -> str:
        """Return a condition that holds for one in `share` of all values of a key."""
        return f"{self.row_hash(expressions)} % {share} = 0"

    def significant(self, expression: str, digits: int) -> str:
        """Return an expression that rounds a double to so many digits, whatever its size."""
        places = f"{digits - 1} - cast(floor(log10(abs({expression}))) as integer)"
        return (
            f"case when abs({expression}) > 0 and abs({expression}) < 1e300 "
            f"then round({expression}, {places}) else {expression} end"
        )

    def quantiles(self, expression: str, fractions: Sequence[float]) -> str:
        """Return an aggregate: a list of interpolated quantiles."""
        return f"quantile_cont(cast({expression} as double), {list(fractions)})"

    def as_text(self, expression: str) -> str:
        """Return the value as text."""
        return f"cast({expression} as varchar)"


@contextmanager
def duckdb_session(
    base: Path,
    head: Path,
    *,
    others: Mapping[str, Path] | None = None,
    spill: Path | None = None,
) -> Iterator[DuckDbSession]:
    """Attach two built files, and others that their views read from, and close them afterwards.

    Raises:
        MarketingAnalyticsError: a file is missing, locked by another program, or no database.
    """
    connection = in_memory()
    try:
        limit = os.environ.get("MKTG_MEMORY_LIMIT", MEMORY_LIMIT)
        connection.execute(f"set memory_limit = '{limit}'")
        if spill is not None:
            folder = str(spill).replace("'", "''")
            connection.execute(f"set temp_directory = '{folder}'")
        # Rows need no order here; keeping one costs memory.
        connection.execute("set preserve_insertion_order = false")
        attach(connection, BASE, base)
        attach(connection, HEAD, head)
        for name, path in (others or {}).items():
            attach(connection, name, path)
        yield DuckDbSession(connection=connection)
    finally:
        connection.close()


def by_table(rows: list[tuple[Any, ...]]) -> dict[str, dict[str, str]]:
    """Return the columns and types of each table, from rows of table, column and type."""
    tables: dict[str, dict[str, str]] = {}
    for table, column, data_type in rows:
        tables.setdefault(table, {})[column] = data_type
    return tables
