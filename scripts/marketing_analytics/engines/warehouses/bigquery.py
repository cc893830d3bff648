"""BigQuery's dialect, run by GoogleSQL's reference engine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from marketing_analytics.engines.warehouses.execution import RefusedError, read_built
from marketing_analytics.engines.warehouses.googlesql import (
    GoogleSql,
    GoogleSqlError,
    Relation,
    relation,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duckdb import DuckDBPyConnection

    from marketing_analytics.engines.compare import Table
    from marketing_analytics.engines.warehouses.compiled import Node

# Other names that BigQuery has for INT64 and the engine by itself has not.
INTEGERS = re.compile(r"\bas (bigint|int|integer)\b")


class BigQuery:
    """Tables, and the engine that answers queries over them."""

    def __init__(self, connection: DuckDBPyConnection) -> None:
        """Start the engine; keep the connection on which DuckDB's own build is attached."""
        self._connection = connection
        self._engine = GoogleSql()
        self._tables: dict[str, Relation] = {}

    def add(self, table: str) -> None:
        """Take a table as DuckDB's own build has it."""
        columns, rows = read_built(self._connection, table)
        self._tables[table] = relation(columns, rows)

    def run(self, node: Node, relations: Mapping[str, str]) -> Table:
        """Run a node; keep a model's rows."""
        found = self._run(node, relations, self._tables)
        if not node.is_test:
            self._tables[node.table] = found
        return found.table()

    def run_branch(self, node: Node, relations: Mapping[str, str]) -> None:
        """Analyze a model's branch for an incremental build and run it over empty tables.

        The reference engine runs a subquery anew for each row, and these branches have one within
        another: thousands of orders to the power of three.
        """
        empty = {name: table.emptied() for name, table in self._tables.items()}
        self._run(node, relations, empty)

    def _run(
        self, node: Node, relations: Mapping[str, str], held: Mapping[str, Relation]
    ) -> Relation:
        sql = INTEGERS.sub("as int64", node.sql)
        tables = {}
        for written, table in relations.items():
            if written in sql and table in held:
                name = table.replace(".", "__")  # the engine has no schemas
                sql = sql.replace(written, name)
                tables[name] = held[table]
        try:
            return self._engine.query(sql, tables)
        except GoogleSqlError as error:
            place = re.search(r"\[at (\d+):\d+\]", str(error))
            raise RefusedError(str(error), int(place[1]) if place else 1) from error
