"""Generated data as views, and questions to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conftest import PROJECT
from marketing_analytics.generate.files import write
from marketing_analytics.generate.registry import generator
from marketing_analytics.raw_schema import raw_source
from marketing_analytics.warehouse import in_memory

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from marketing_analytics.generate.request import Request


def generated(source: str, folder: Path, request: Request, derived: str) -> DuckDBPyConnection:
    """Generate a source into the folder; return its tables as views, with the derived ones."""
    declared = raw_source(PROJECT, source)
    write(declared, generator(source), request, folder=folder, file_format="parquet")
    connection = in_memory()
    for table in declared.tables:
        path = folder / f"{table.name}.parquet"
        connection.execute(f"create view {table.name} as from '{path}'")
    connection.execute(derived)
    return connection


def one(data: DuckDBPyConnection, query: str) -> Any:
    """Return the only value of a query, or its only row."""
    (row,) = data.execute(query).fetchall()
    return row[0] if len(row) == 1 else row


def by_key(data: DuckDBPyConnection, query: str) -> dict[Any, Any]:
    """Return the second column by the first."""
    return dict(data.execute(query).fetchall())
