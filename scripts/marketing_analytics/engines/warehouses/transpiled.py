"""A warehouse's dialect, translated to DuckDB's by sqlglot and run there.

Shows whether a dispatched macro says the same in that dialect. What the warehouse itself refuses it
does not show, because sqlglot reads nearly everything: that is what the rules are for.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import duckdb
import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, ParseError, UnsupportedError

from marketing_analytics.engines.compare import Row, Table
from marketing_analytics.engines.warehouses.execution import BUILT, RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duckdb import DuckDBPyConnection

    from marketing_analytics.engines.warehouses.compiled import Node


class Transpiled:
    """A DuckDB in memory that answers queries of another dialect."""

    def __init__(self, dialect: str, connection: DuckDBPyConnection) -> None:
        """Keep the dialect's name, and the connection on which DuckDB's own build is attached."""
        self._dialect = dialect
        self._connection = connection

    def add(self, table: str) -> None:
        """Take a table as DuckDB's own build has it."""
        self._create(table, f"from {BUILT}.{table}")

    def run(self, node: Node, relations: Mapping[str, str]) -> Table:
        """Run a node; keep a model's rows."""
        try:
            sql = to_duckdb(node.sql, self._dialect)
        except ParseError as error:
            raise RefusedError(str(error), error.errors[0]["line"]) from error
        except UnsupportedError as error:
            raise RefusedError(str(error)) from error
        try:
            if not node.is_test:
                self._create(node.table, sql)
                sql = f"from {node.table}"
            rows = self._connection.execute(sql)
            columns = tuple(column[0] for column in rows.description)
            return Table(columns=columns, rows=tuple(map(_naive, rows.fetchall())))
        except duckdb.Error as error:
            raise RefusedError(f"{error}") from error

    def run_branch(self, node: Node, relations: Mapping[str, str]) -> Table:
        """Run a model's branch for an incremental build over the full tables."""
        return self.run(replace(node, is_test=True), relations)  # a test's rows are not kept

    def _create(self, table: str, sql: str) -> None:
        schema, _, _ = table.partition(".")
        self._connection.execute(f"create schema if not exists {schema}")
        self._connection.execute(f"create or replace table {table} as {sql}")


def _naive(row: Row) -> Row:
    """Return a row whose moments are in UTC without saying so; some dialects' timestamps say it."""
    return tuple(
        value.astimezone(UTC).replace(tzinfo=None)
        if isinstance(value, datetime) and value.tzinfo
        else value
        for value in row
    )


def to_duckdb(sql: str, dialect: str) -> str:
    """Translate a query, its tables named schema.name without a database."""
    query = sqlglot.parse_one(sql, read=dialect, error_level=ErrorLevel.RAISE)
    for table in query.find_all(exp.Table):
        table.set("catalog", None)
        for part in (table.args.get("db"), table.this):
            if isinstance(part, exp.Identifier):
                part.set("this", part.this.lower())
    return str(query.sql(dialect="duckdb", unsupported_level=ErrorLevel.RAISE))
