"""Reads marts: the rows of a query, and what the database says of its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.report.facts import Definition, Query, Table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb import DuckDBPyConnection


def read(connection: DuckDBPyConnection, query: Query) -> Table | None:
    """Return the rows of a query; None where its domain is not built.

    Raises:
        MarketingAnalyticsError: the mart is that of another version.
    """
    try:
        result = connection.execute(query.sql)
    except duckdb.CatalogException:
        return None
    except duckdb.Error as error:
        raise MarketingAnalyticsError(
            f"{query.mart} does not answer ({str(error).splitlines()[0]}); build the marts again"
        ) from error
    names = [column[0] for column in result.description or ()]
    rows = tuple(dict(zip(names, row, strict=True)) for row in result.fetchall())
    return Table(query=query, rows=rows)


def read_all(connection: DuckDBPyConnection, queries: Iterable[Query]) -> dict[str, Table]:
    """Return the tables that have rows, by the names of their queries."""
    tables = (read(connection, query) for query in queries)
    return {table.query.name: table for table in tables if table is not None and table.rows}


def read_definitions(
    connection: DuckDBPyConnection, marts: Iterable[str]
) -> tuple[Definition, ...]:
    """Return the descriptions that dbt keeps in the database, of each mart in the order given."""
    return tuple(_definition(connection, mart) for mart in dict.fromkeys(marts))


def _definition(connection: DuckDBPyConnection, mart: str) -> Definition:
    name = mart.split(".")
    told = connection.execute(
        """
        select comment from duckdb_tables() where schema_name = $1 and table_name = $2
        union all
        select comment from duckdb_views() where schema_name = $1 and view_name = $2
        """,
        name,
    ).fetchone()
    columns = connection.execute(
        """
        select column_name, coalesce(comment, '') from duckdb_columns()
        where schema_name = $1 and table_name = $2
        order by column_index
        """,
        name,
    ).fetchall()
    return Definition(
        mart=mart, description=((told and told[0]) or "").strip(), columns=dict(columns)
    )
