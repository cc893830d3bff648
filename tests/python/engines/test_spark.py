"""A real Spark cluster builds the models unchanged, and every mart is that of DuckDB."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import pytest

from engines.required import require, unavailable

require("spark", "pyhive", "pyspark")

from conftest import PROJECT  # noqa: E402 (after what may skip)
from engines.built import (  # noqa: E402
    NO_TESTS,
    Engine,
    assert_a_broken_contract_leaves_the_table,
    assert_all_tests_passed,
    assert_every_mart_is_alike,
    assert_late_changes_arrive_alike,
    assert_tests_run_there,
    assert_traps_are_alike,
    build_with_all_tests,
    built_traps,
)
from marketing_analytics.engines import cluster, spark  # noqa: E402
from marketing_analytics.engines.compare import Table, differences  # noqa: E402
from marketing_analytics.engines.java import java_home  # noqa: E402
from marketing_analytics.engines.marts import duckdb_marts  # noqa: E402
from marketing_analytics.errors import MarketingAnalyticsError  # noqa: E402
from marketing_analytics.raw_schema import raw_sources  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from marketing_analytics.dbt import DbtWorker
    from marketing_analytics.engines.cluster import Cluster
    from marketing_analytics.engines.marts import Cursor


# A view, tables, one of them incremental, and a history.
SOME = (
    *("marketing.orders", "mart_marketing.mart_finance_quarterly"),
    "mart_marketing.customer_revenue_segment_history",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spark(Engine):
    """The cluster."""

    target: ClassVar[str] = "spark"
    cluster: Cluster

    def environment(self) -> dict[str, str]:
        return self.cluster.environment()

    def cursor(self) -> AbstractContextManager[Cursor]:
        return spark.connected(self.cluster)

    def copied(self, database: Path) -> dict[str, int]:
        raw, sources = self.folder / "raw", raw_sources(PROJECT).values()
        return spark.copy_raw_tables(database, self.cluster, raw, sources)

    def marts(self) -> dict[str, Table]:
        return spark.marts(self.cluster)

    def clear(self) -> None:
        """Drop all tables of all schemas."""
        schemas = [str(row[0]) for row in self.rows("show schemas")]
        self.execute(*(f"drop schema {name} cascade" for name in schemas if name != "default"))


@pytest.fixture(scope="module")
def engine(worker: DbtWorker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spark]:
    try:
        java_home()
    except MarketingAnalyticsError as error:
        unavailable("spark", str(error))
    folder = tmp_path_factory.mktemp("cluster")
    running = cluster.start(folder)
    assert cluster.found(folder) == running
    yield Spark(cluster=running, folder=tmp_path_factory.mktemp("spark"), worker=worker)
    cluster.stop(folder)
    assert not any(cluster.is_alive(pid) for pid in running.processes.values())
    assert cluster.found(folder) is None


@pytest.fixture(scope="module")
def built(engine: Spark, traps_folder: Path) -> Spark:
    """Some marts of the trap sets and all that they read, without tests."""
    engine.copy_raw(traps_folder / "local.duckdb")
    run = engine.build("--select", *(f"+{mart.partition('.')[2]}" for mart in SOME), *NO_TESTS)
    assert run.success, (run.error, engine.errors())
    return engine


def test_some_marts_are_those_of_duckdb(built: Spark, traps_folder: Path) -> None:
    found = built.marts()
    expected = duckdb_marts(traps_folder / "local.duckdb")
    assert set(SOME) <= found.keys()
    assert differences({name: expected[name] for name in found}, found) == []


@pytest.fixture(scope="module")
def built_sample(engine: Spark, sample_folder: Path) -> Spark:
    """The sample without its tests, which take three times as long."""
    engine.clear()
    engine.copy_raw(sample_folder / "sample.duckdb")
    run = engine.build(*NO_TESTS)
    assert run.success, (run.error, engine.errors())
    return engine


@pytest.fixture
def empty(engine: Spark) -> Spark:
    """The cluster without the tables of the test before; the sample is gone from here on."""
    engine.clear()
    return engine


@pytest.mark.full
def test_every_mart_of_the_sample_is_that_of_duckdb(
    built_sample: Spark, sample_folder: Path
) -> None:
    assert_every_mart_is_alike(built_sample, sample_folder / "sample.duckdb")


@pytest.mark.full
def test_the_comparison_sees_a_changed_column(built_sample: Spark, sample_folder: Path) -> None:
    column = "revenue_share_rate"
    built_sample.execute(
        f"create table marketing.changed as select * except ({column}), "
        f"{column} * (1 + 1e-8) as {column} from marketing.product_performance"
    )
    found = built_sample.marts()
    built_sample.execute("drop table marketing.changed")
    found["marketing.product_performance"] = found.pop("marketing.changed")
    lines = differences(duckdb_marts(sample_folder / "sample.duckdb"), found)
    assert {line.split(":")[0] for line in lines} == {"marketing.product_performance"}


def test_the_driver_has_its_memory(engine: Spark) -> None:
    """With half a gigabyte it is for ever tidying up, and breaks off in a build with all tests."""
    pid = str(engine.cluster.processes["thrift"])
    command = subprocess.run(
        ["ps", "-ww", "-o", "args=", "-p", pid], capture_output=True, check=True
    )
    assert f"-Xmx{cluster.Size().driver_memory} ".encode() in command.stdout


def test_tables_have_statistics(built: Spark) -> None:
    described = built.rows("describe extended marketing.orders order_id")
    orders = int(str(built.rows("select count(*) from marketing.orders")[0][0]))
    (distinct,) = (int(str(value)) for name, value in described if name == "distinct_count")
    assert distinct == pytest.approx(orders, rel=0.1)  # Spark estimates it


def test_unit_tests_and_data_tests_run_there(built: Spark) -> None:
    assert_tests_run_there(built)


@pytest.mark.full
def test_a_second_build_passes_all_tests_and_changes_nothing(
    built_sample: Spark, sample_folder: Path
) -> None:
    build_with_all_tests(built_sample, sample_folder / "sample.duckdb")
    assert_all_tests_passed(built_sample)
    assert_every_mart_is_alike(built_sample, sample_folder / "sample.duckdb")


@pytest.mark.full
def test_a_build_that_breaks_its_contract_leaves_the_table_that_was_there(
    built_sample: Spark, tmp_path: Path
) -> None:
    assert_a_broken_contract_leaves_the_table(built_sample, tmp_path)


@pytest.mark.full
@pytest.mark.parametrize("as_of", ["2024-06-30", "2024-03-31"])
def test_the_trap_sets_are_alike(empty: Spark, tmp_path: Path, as_of: str) -> None:
    assert_traps_are_alike(empty, tmp_path, as_of)


@pytest.mark.full
def test_late_changes_reach_an_incremental_build_alike(empty: Spark, tmp_path: Path) -> None:
    assert_late_changes_arrive_alike(empty, tmp_path, empty.copy_raw)


@pytest.mark.full
def test_a_build_that_loses_a_worker_ends_right(empty: Spark, tmp_path: Path) -> None:
    database = built_traps(tmp_path, empty.worker)
    empty.copy_raw(database)
    killed = threading.Thread(target=kill_a_worker, args=[empty])
    killed.start()
    run = empty.build(*NO_TESTS)
    killed.join()
    assert not cluster.is_alive(empty.cluster.processes["worker2"])
    if not run.success:
        messages = empty.errors()
        assert all("lost" in message.lower() for message in messages), messages
        assert empty.build(*NO_TESTS).success
    assert empty.differences(database) == []


def kill_a_worker(engine: Spark) -> None:
    """Kill a worker and its executor as soon as a mart is there, in the middle of the build."""
    for _ in range(6000):
        if ("marketing",) in engine.rows("show schemas") and engine.rows(
            "show tables in marketing"
        ):
            os.killpg(engine.cluster.processes["worker2"], signal.SIGKILL)
            return
        time.sleep(0.1)
