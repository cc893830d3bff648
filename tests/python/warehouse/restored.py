"""A database that is put back before each build, and raw tables made of SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conftest import PROJECT
from marketing_analytics.raw_schema import raw_source
from marketing_analytics.warehouse import connect

if TYPE_CHECKING:
    from collections.abc import Collection

    from marketing_analytics.dbt import DbtRun
    from warehouse.trap_warehouse import Warehouse


def raw_tables(source: str, *, but: Collection[str] = ()) -> str:
    """Return SQL that makes the declared tables of a source, empty."""
    script = [f"create schema {source};"]
    for table in raw_source(PROJECT, source).tables:
        columns = ", ".join(f'"{c.name}" {c.data_type}' for c in table.columns)
        if table.name not in but:
            script.append(f"create table {source}.{table.name} ({columns});")
    return "\n".join(script)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoredWarehouse:
    """One folder and one choice of vars for many databases: dbt reads the project's files once."""

    warehouse: Warehouse
    variables: str = "{}"

    def database(self, script: str) -> bytes:
        """Return a new database in which the script has run."""
        self.warehouse.database.unlink(missing_ok=True)
        self._execute(script)
        return self.warehouse.database.read_bytes()

    def run(self, start: bytes, change: str, *arguments: str) -> DbtRun:
        """Run a dbt command on that database, after a change of its data."""
        self.restore(start)
        self._execute(change)
        return self.warehouse.dbt(*arguments, "--vars", self.variables)

    def built(self, start: bytes, change: str, *arguments: str) -> bytes:
        """Return the database after a build without an error."""
        run = self.run(start, change, "build", *arguments)
        assert run.success, (run.error, self.warehouse.statuses("fail", "error"))
        return self.warehouse.database.read_bytes()

    def restore(self, database: bytes) -> Warehouse:
        """Put a database back and return the warehouse, to read it."""
        self.warehouse.database.write_bytes(database)
        return self.warehouse

    def _execute(self, script: str) -> None:
        connection = connect(self.warehouse.database)
        connection.execute(script)
        connection.close()
