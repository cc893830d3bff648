"""Two small DuckDB files with the same table, as two builds leave them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from marketing_analytics.review.data.session import DuckDbSession, duckdb_session
from marketing_analytics.warehouse import connect, in_memory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def two_builds(folder: Path, base: str, head: str) -> Iterator[DuckDbSession]:
    """Run statements in two new files and attach both."""
    for name, statements in (("base", base), ("head", head)):
        path = folder / f"{name}.duckdb"
        path.unlink(missing_ok=True)
        connection = connect(path)
        connection.execute(f"create schema marts; {statements}")
        connection.close()
    with duckdb_session(folder / "base.duckdb", folder / "head.duckdb") as session:
        yield session


@contextmanager
def two_builds_in_memory(base: str, head: str) -> Iterator[DuckDbSession]:
    """Do the same without files, which take longer than all the rest."""
    connection = in_memory()
    for name, statements in (("base", base), ("head", head)):
        connection.execute(f"attach ':memory:' as {name}")
        connection.execute(f"use {name}; create schema marts; {statements}; use memory")
    yield DuckDbSession(connection=connection)
    connection.close()


def table(columns: str, *rows: str) -> str:
    """Return statements that make marts.orders, of rows such as "1, 'High', 12.50"."""
    values = f"; insert into marts.orders values {', '.join(f'({row})' for row in rows)}"
    return f"create table marts.orders ({columns}){values if rows else ''}"
