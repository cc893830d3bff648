"""Databases for a build that reads the raw tables of another one and never writes to it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from marketing_analytics.review.data.session import quoted
from marketing_analytics.warehouse import attach, connect

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

RAW = "review_raw"  # the name under which dbt and the comparison attach the origin


def new_database(database: Path, origin: Path | None, schemas: Iterable[str]) -> None:
    """Make a database with a view of each table that the origin has in these schemas.

    Without an origin it is empty.
    """
    database.unlink(missing_ok=True)
    connection = connect(database)
    try:
        if origin is None:
            return
        attach(connection, RAW, origin)
        wanted = sorted(schemas)
        tables = connection.execute(
            "select table_schema, table_name from information_schema.tables "
            "where table_catalog = ? and table_schema in (select unnest(?)) order by all",
            [RAW, wanted],
        ).fetchall()
        for schema, table in tables:
            connection.execute(f"create schema if not exists {quoted(schema)}")
            connection.execute(
                f"create view {quoted(schema, table)} as from {quoted(RAW, schema, table)}"
            )
    finally:
        connection.close()


def copy_without(origin: Path, database: Path, relations: Iterable[str]) -> None:
    """Copy a database, leaving out tables and views that are to be built anew."""
    database.unlink(missing_ok=True)
    shutil.copyfile(origin, database)
    connection = connect(database)
    try:
        kinds = dict(
            connection.execute(
                "select table_schema || '.' || table_name, table_type "
                "from information_schema.tables where table_catalog = current_database()"
            ).fetchall()
        )
        for relation in sorted(relations):
            if relation in kinds:
                schema, _, table = relation.partition(".")
                kind = "view" if kinds[relation] == "VIEW" else "table"
                connection.execute(f"drop {kind} {quoted(schema, table)}")
    finally:
        connection.close()
