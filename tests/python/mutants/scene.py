"""Raw data with every model built on them, in memory: a model can be replaced for a moment."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Timer
from typing import TYPE_CHECKING

import duckdb

from conftest import PROJECT
from marketing_analytics.raw_schema import raw_source
from marketing_analytics.warehouse import attach, in_memory

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from mutants.artifacts import Model

MOST_SECONDS = 20
SOURCES = ("dbt_production", "lottery_raw", "marketing_raw")


class RefusedError(Exception):
    """The database, or the model's contract, refuses a query."""


class Scene:
    """A database in memory: raw tables, rules, and the models as tables."""

    def __init__(
        self,
        models: Mapping[str, Model],
        *,
        as_of_date: date | None = None,
        leave_out: Collection[str] = (),
    ) -> None:
        left_out = set(leave_out)
        for model in models.values():  # in the order of what they read
            if model.parents & left_out:
                left_out.add(model.name)
        self.models = {k: model for k, model in models.items() if k not in left_out}
        self._earlier: set[str] = set()
        self.connection: DuckDBPyConnection = in_memory()
        self._as_of_date = as_of_date
        self._run("set threads = 1")
        # A fault may join everything with everything: such a query is refused, not waited for.
        self._run("set memory_limit = '600MB'")
        self._run("set max_temp_directory_size = '0B'")

    def close(self) -> None:
        """Let go of the database."""
        self.connection.close()

    def _run(self, sql: str) -> None:
        self.connection.execute(sql)

    def copy_raw(self, database: Path, schemas: Collection[str]) -> None:
        """Copy the tables of schemas from a file; declared raw tables that it lacks are empty."""
        attach(self.connection, "copied", database)
        tables = self.connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'copied'"
        ).fetchall()
        for schema, table in tables:
            if schema in schemas:
                self._run(f'create schema if not exists "{schema}"')
                self._run(f'create table "{schema}"."{table}" as from copied."{schema}"."{table}"')
        self._run("detach copied")

    def create_missing_raw(self) -> None:
        """Create the declared raw tables that are not there yet."""
        for source in SOURCES:
            declared = raw_source(PROJECT, source)
            self._run(f'create schema if not exists "{declared.schema}"')
            for table in declared.tables:
                columns = ", ".join(f'"{c.name}" {c.data_type}' for c in table.columns)
                self._run(
                    f'create table if not exists "{declared.schema}"."{table.name}" ({columns})'
                )

    def build(self) -> None:
        """Build all models."""
        for model in self.models.values():
            self._run(f'create schema if not exists "{model.schema}"')
            self._run(f"create table {model.relation} as {self._as_built(model.name, model.sql)}")

    def keep_earlier(self, other: Scene, names: Collection[str]) -> None:
        """Let histories begin with the rows of another scene's."""
        self._run("create schema if not exists earlier")
        for name in names:
            relation = f'earlier."{name}"'
            found = other.connection.sql(f"from {other.models[name].relation}")
            columns = ", ".join(
                f'"{c}" {t}' for c, t in zip(found.columns, found.types, strict=True)
            )
            self._run(f"create table {relation} ({columns})")
            marks = ", ".join("?" for _ in found.columns)
            self.connection.executemany(
                f"insert into {relation} values ({marks})", found.fetchall()
            )
            self._earlier.add(name)

    def _as_built(self, name: str, sql: str) -> str:
        """Return the query whose rows the table of a model holds."""
        sql = self._dated(name, sql)
        if name not in self._earlier:
            return sql
        return f'from ({sql}) union all by name from earlier."{name}"'

    def _dated(self, name: str, sql: str) -> str:
        """Return a query, as of the scene's day where it says which day it is."""
        if self._as_of_date is None or not name.endswith("_as_of_date"):
            return sql
        return sql.replace("cast(null as date)", f"cast('{self._as_of_date}' as date)").replace(
            "CAST(NULL AS DATE)", f"CAST('{self._as_of_date}' AS DATE)"
        )

    def outcome(self, name: str, sql: str) -> bool:
        """Tell whether a query gives other rows than the model's table holds.

        Raises:
            RefusedError: the database cannot run it, or its types break the model's contract.
        """
        self._run("drop table if exists replaced")
        timer = Timer(MOST_SECONDS, self.connection.interrupt)
        timer.start()
        try:
            self._run(f"create temp table replaced as {self._as_built(name, sql)}")
            return self._differs(name)
        except duckdb.Error as error:
            raise RefusedError(str(error)) from error
        finally:
            timer.cancel()

    def _differs(self, name: str) -> bool:
        relation = self.models[name].relation
        if self.models[name].has_contract:
            types = [self.connection.sql(f"from {r}").types for r in ("replaced", relation)]
            if types[0] != types[1]:
                raise RefusedError("the types are not those of the contract")
        found = self.connection.execute(
            f"select 1 from ((from replaced except all from {relation}) "
            f"union all (from {relation} except all from replaced)) limit 1"
        ).fetchone()
        return found is not None

    @contextmanager
    def replaced(self, name: str, sql: str) -> Iterator[frozenset[str]]:
        """Build a model by another query, and what reads it; yield the models whose rows change.

        Raises:
            RefusedError: the database cannot run it, or a model that reads it.
        """
        self._run("begin")
        try:
            yield self._rebuilt(name, sql)
        finally:
            self._run("rollback")

    def _rebuilt(self, name: str, sql: str) -> frozenset[str]:
        changed: set[str] = set()
        queries = {name: sql}
        for model in self.models.values():
            if model.name != name and not model.parents & changed:
                continue
            if self.outcome(model.name, queries.get(model.name, model.sql)):
                changed.add(model.name)
                self._run(f"create or replace table {model.relation} as from replaced")
        return frozenset(changed)
