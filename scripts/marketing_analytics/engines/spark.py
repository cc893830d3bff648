"""Raw tables on a Spark cluster, copied from a DuckDB file, and the marts read back."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from marketing_analytics.engines.cluster import HOST
from marketing_analytics.engines.compare import Table
from marketing_analytics.engines.marts import MART_SCHEMAS, read_tables
from marketing_analytics.engines.raw import raw_tables
from marketing_analytics.errors import MarketingAnalyticsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from marketing_analytics.engines.cluster import Cluster
    from marketing_analytics.engines.marts import Cursor
    from marketing_analytics.raw_schema import RawSource

TYPES = {"varchar": "string"}  # as macros/prepare_raw_tables.sql has them


@contextmanager
def connected(cluster: Cluster) -> Iterator[Cursor]:
    """Yield a cursor on a session of the Thrift server.

    Raises:
        MarketingAnalyticsError: the driver of dbt-spark is not installed.
    """
    try:
        from pyhive import hive  # noqa: PLC0415 (an extra)
    except ImportError as error:
        raise MarketingAnalyticsError("no driver for Spark here: run `make engines`") from error
    connection = hive.connect(host=HOST, port=cluster.port, username="dbt")
    try:
        yield connection.cursor()
    finally:
        connection.close()


def copy_raw_tables(
    database: Path, cluster: Cluster, folder: Path, sources: Iterable[RawSource]
) -> dict[str, int]:
    """Copy the raw tables of a DuckDB file, replacing the cluster's; return the row counts.

    They become Parquet files in a folder that every part of the cluster can read.

    Raises:
        MarketingAnalyticsError: the file cannot be opened.
    """
    counts = {}
    with raw_tables(database, sources) as (origin, loaded), connected(cluster) as cursor:
        for schema, tables in loaded:
            (folder / schema).mkdir(parents=True, exist_ok=True)
            cursor.execute(f"create schema if not exists {schema}")
            for table in tables:
                name = f"{schema}.{table.name}"
                path = (folder / schema / f"{table.name}.parquet").resolve()
                typed = ", ".join(
                    f"cast(`{c.name}` as {TYPES.get(c.data_type, c.data_type)}) as `{c.name}`"
                    for c in table.columns
                )
                origin.execute(f"copy {name} to '{path}' (format parquet)")
                cursor.execute(f"drop table if exists {name}")
                cursor.execute(f"create table {name} as select {typed} from parquet.`{path}`")
                cursor.execute(f"select count(*) from {name}")
                counts[name] = int(cursor.fetchall()[0][0])
    return counts


def marts(cluster: Cluster) -> dict[str, Table]:
    """Read every mart of a built cluster."""
    with connected(cluster) as cursor:
        return typed_tables(cursor, _mart_names(cursor))


def typed_tables(cursor: Cursor, names: Iterable[str]) -> dict[str, Table]:
    """Read tables by their names, schema.table, in full; the driver gives days as text."""
    return {name: _table(cursor, name) for name in names}


def _table(cursor: Cursor, name: str) -> Table:
    found = read_tables(cursor, [name])[name]
    days = {
        place for place, column in enumerate(cursor.description or ()) if column[1] == "DATE_TYPE"
    }
    rows = (
        tuple(
            date.fromisoformat(str(value)) if place in days and value is not None else value
            for place, value in enumerate(row)
        )
        for row in found.rows
    )
    return Table(columns=found.columns, rows=tuple(rows))


def _mart_names(cursor: Cursor) -> list[str]:
    cursor.execute("show schemas")
    schemas = {row[0] for row in cursor.fetchall()}
    names = []
    for schema in MART_SCHEMAS:
        if schema in schemas:
            cursor.execute(f"show tables in {schema}")
            names += [f"{row[0]}.{row[1]}" for row in cursor.fetchall() if not row[2]]
    return names
