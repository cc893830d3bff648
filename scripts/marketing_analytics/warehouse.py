"""The only module that opens a connection to a database."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.private import for_the_owner_alone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection

# As in profiles.yml: a file that any DuckDB 1.x can open, and days that are UTC days.
STORAGE_VERSION = "v1.0.0"


def connect(path: Path, *, read_only: bool = False) -> DuckDBPyConnection:
    """Open a DuckDB file with the project's settings; writing creates the file and its folder.

    A file that is created is its owner's alone; whoever wants to share one changes its mode.

    Raises:
        MarketingAnalyticsError: the file is missing (reading), locked by another program, or no
            database.
    """
    if read_only and not path.is_file():
        raise MarketingAnalyticsError(
            f"{path} does not exist; run `mktg build --target {path.stem}` first"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    with _told_in_one_line(path), for_the_owner_alone():
        connection = duckdb.connect(
            str(path),
            read_only=read_only,
            config={"storage_compatibility_version": STORAGE_VERSION},
        )
    connection.execute("set TimeZone = 'UTC'")
    return connection


def attach(connection: DuckDBPyConnection, name: str, path: Path) -> None:
    """Attach another DuckDB file read-only, under a name.

    Raises:
        MarketingAnalyticsError: the file is missing, locked by another program, or no database.
    """
    if not path.is_file():
        raise MarketingAnalyticsError(f"{path} does not exist; give the file of a finished build")
    quoted = str(path).replace("'", "''")
    with _told_in_one_line(path):
        connection.execute(f"attach '{quoted}' as \"{name}\" (read_only)")


@contextmanager
def _told_in_one_line(path: Path) -> Iterator[None]:
    try:
        yield
    except duckdb.IOException as error:
        first_line = str(error).splitlines()[0]
        if "lock" in first_line:
            raise MarketingAnalyticsError(
                f"{path} is open in another program; close it and run this again ({first_line})"
            ) from error
        raise MarketingAnalyticsError(f"cannot open {path}: {first_line}") from error


def in_memory() -> DuckDBPyConnection:
    """Open an empty database in memory with the project's settings."""
    connection = duckdb.connect(":memory:")
    connection.execute("set TimeZone = 'UTC'")
    return connection
