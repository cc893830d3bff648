"""Checks the models on a warehouse that is not there: compiled, run by a stand-in, compared."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from marketing_analytics.engines.compare import Table
from marketing_analytics.engines.warehouses.compiled import Compiled, compile_project
from marketing_analytics.engines.warehouses.execution import BUILT, Engine, Execution, Finding
from marketing_analytics.engines.warehouses.rules import broken_rules
from marketing_analytics.engines.warehouses.transpiled import Transpiled
from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.load.sql import text
from marketing_analytics.warehouse import connect, in_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from marketing_analytics.dbt import DbtWorker
    from marketing_analytics.engines.warehouses.rules import Schema

WAREHOUSES = ("bigquery", "redshift", "snowflake", "databricks")
INSTALL = "run `make engines`, or `pip install -e '.[warehouses]'`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check has found, and how much it has looked at."""

    findings: tuple[Finding, ...]
    model_count: int
    test_count: int


def check(
    warehouse: str,
    database: Path,
    worker: DbtWorker,
    folder: Path,
    *,
    say: Callable[[str], None] = lambda _: None,
) -> Checked:
    """Compile the worker's project for a warehouse, look for what some engine lacks, run it.

    `database` is DuckDB's own build of the same project; `folder` takes dbt's artifacts.

    Raises:
        MarketingAnalyticsError: there is no build, a package is missing, or dbt fails.
    """
    connect(database, read_only=True).close()  # says what is wrong with it before dbt starts
    say(f"compiling for {warehouse}")
    compiled = compile_project(worker, warehouse, folder / warehouse)
    branches = [node.name for node in compiled.models if node.has_incremental_branch]
    incremental = compile_project(worker, warehouse, folder / warehouse, incremental=branches)
    duckdb_branches = compile_project(
        worker, database.stem, folder / database.stem, incremental=branches
    )
    with _attached(database) as connection:
        findings = list(_rules(compiled, warehouse, _schema(connection)))
        say(f"running {len(compiled.nodes):,} models and tests")
        execution = Execution(
            dialect=warehouse,
            compiled=compiled,
            engine=_engine(warehouse, connection),
            connection=connection,
        )
        findings += execution.findings()
        expected = _incremental_rows(duckdb_branches, connection)
        findings += execution.incremental_findings(incremental, expected)
    return Checked(
        findings=tuple(findings),
        model_count=len(compiled.models),
        test_count=len(compiled.nodes) - len(compiled.models),
    )


def _rules(compiled: Compiled, dialect: str, schema: Schema) -> Iterator[Finding]:
    for node in compiled.nodes:
        if node.is_generic:  # a macro's, the same for every column
            continue
        for line, rule in broken_rules(node.sql, dialect, schema):
            yield Finding(path=node.path, line=node.line(line), dialect=dialect, message=str(rule))


def _engine(warehouse: str, connection: DuckDBPyConnection) -> Engine:
    if warehouse == "bigquery":
        try:  # needs an extra
            from marketing_analytics.engines.warehouses.bigquery import BigQuery  # noqa: PLC0415
        except ImportError as error:
            raise MarketingAnalyticsError(f"zetasql is not installed: {INSTALL}") from error
        return BigQuery(connection)
    return Transpiled(warehouse, connection)


@contextmanager
def _attached(database: Path) -> Iterator[DuckDBPyConnection]:
    connection = in_memory()
    try:
        connection.execute(f"attach {text(str(database))} as {BUILT} (read_only)")
        yield connection
    finally:
        connection.close()


def _schema(connection: DuckDBPyConnection) -> Schema:
    schema: Schema = {}
    for folder, table, column, data_type in connection.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() "
        f"where database_name = '{BUILT}'"
    ).fetchall():
        schema.setdefault(folder, {}).setdefault(table, {})[column] = data_type
    return schema


def _incremental_rows(compiled: Compiled, connection: DuckDBPyConnection) -> Mapping[str, Table]:
    """Run the branches of DuckDB's own SQL over what DuckDB has built."""
    found = {}
    connection.execute(f"use {BUILT}")
    for node in compiled.models:
        sql = node.sql
        for written, table in compiled.relations.items():
            sql = sql.replace(written, table)  # without the name that the file has
        rows = connection.execute(sql)
        columns = tuple(column[0] for column in rows.description)
        found[node.name] = Table(columns=columns, rows=tuple(rows.fetchall()))
    connection.execute("use memory")
    return found
