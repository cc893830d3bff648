"""Brings the rows of a plan into the working database."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb import DuckDBPyConnection

    from marketing_analytics.generate.request import Row

# The first that a column holds is its type.
SQL_TYPES: dict[type, str] = {float: "DOUBLE", int: "BIGINT", date: "DATE", str: "VARCHAR"}


def create(connection: DuckDBPyConnection, table: str, rows: Iterable[Row]) -> None:
    """Create a table of the rows, at least one; a column of 1 and 2.5 is a column of doubles."""
    plan = list(rows)
    types = {name: _sql_type({type(row[name]) for row in plan}) for name in plan[0]}
    # By way of JSON: DuckDB 1.4 binds a list of a few thousand values in seconds.
    connection.execute("create or replace temp table plan_text (rows varchar)")
    connection.execute("insert into plan_text values ($1)", [json.dumps(plan, default=str)])
    connection.execute(
        f"create table {table} as "
        f"select unnest(from_json(rows, '{json.dumps([types])}'), max_depth := 2) from plan_text"
    )


def _sql_type(found: set[type]) -> str:
    return next((name for kind, name in SQL_TYPES.items() if kind in found), "VARCHAR")
