"""A real Spark cluster builds the models unchanged, and every mart is that of DuckDB."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from conftest import PROJECT
from engines.required import require, unavailable
from marketing_analytics.engines import cluster, spark
from marketing_analytics.engines.compare import Table, differences
from marketing_analytics.engines.java import java_home
from marketing_analytics.engines.marts import duckdb_marts
from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.raw_schema import raw_sources
from marketing_analytics.warehouse import connect
from project_copy import in_copy, with_broken_contract
from warehouse.changing_shop import CHANGES, RAW
from warehouse.restored import raw_tables
from warehouse.trap_warehouse import Warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from marketing_analytics.dbt import DbtRun, DbtWorker
    from marketing_analytics.engines.cluster import Cluster

require("spark", "pyhive", "pyspark")

NO_TESTS = ("--exclude-resource-type", "unit_test", "test")
INCREMENTAL = (
    *("--select", "+path:models/marts/shop", "+path:models/marts/finance"),
    *("--vars", "{orders_materialized: incremental}"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spark:
    """The cluster, and dbt's artifacts of its builds."""

    cluster: Cluster
    folder: Path
    worker: DbtWorker

    def build(self, *arguments: str) -> DbtRun:
        return self.worker.run(
            *("build", "--target", "spark", "--quiet", "--target-path", str(self.folder)),
            *("--log-path", str(self.folder / "logs"), *arguments),
            environment=self.cluster.environment(),
        )

    def results(self) -> list[dict[str, str]]:
        results: list[dict[str, str]]
        results = json.loads((self.folder / "run_results.json").read_text())["results"]
        return results

    def statuses(self) -> dict[str, str]:
        return {result["unique_id"]: result["status"] for result in self.results()}

    def execute(self, *statements: str) -> None:
        with spark.connected(self.cluster) as cursor:
            for statement in statements:
                cursor.execute(statement)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with spark.connected(self.cluster) as cursor:
            cursor.execute(query)
            return [tuple(row) for row in cursor.fetchall()]

    def copy_raw(self, database: Path) -> None:
        origin = connect(database, read_only=True)
        sources = raw_sources(PROJECT).values()
        counts = spark.copy_raw_tables(origin, self.cluster, self.folder / "raw", sources)
        origin.close()
        assert sum(counts.values()) > 0

    def clear(self) -> None:
        """Drop all tables of all schemas."""
        schemas = [str(row[0]) for row in self.rows("show schemas")]
        self.execute(*(f"drop schema {name} cascade" for name in schemas if name != "default"))

    def differences(self, database: Path) -> list[str]:
        return differences(marts(database), spark.marts(self.cluster))


def marts(database: Path) -> dict[str, Table]:
    connection = connect(database, read_only=True)
    found = duckdb_marts(connection)
    connection.close()
    return found


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
def built_sample(engine: Spark, sample_folder: Path) -> Spark:
    """The sample with all its tests."""
    engine.copy_raw(sample_folder / "sample.duckdb")
    run = engine.build()
    assert run.success, (run.error, engine.statuses())
    return engine


def test_the_sample_and_all_its_tests_pass(built_sample: Spark) -> None:
    statuses = built_sample.statuses()
    kinds = {name.split(".")[0] for name in statuses}
    assert {"model", "seed", "test", "unit_test"} <= kinds
    others = {name: s for name, s in statuses.items() if s not in ("success", "pass", "no-op")}
    # The sample has players who signed up twice; tests of raw tables do not run on DuckDB's sample.
    assert {name.split(".")[2]: status for name, status in others.items()} == {
        "source_unique_lottery_raw_signups_user_id": "warn"
    }


def test_every_mart_of_the_sample_is_that_of_duckdb(
    built_sample: Spark, sample_folder: Path
) -> None:
    assert len(spark.marts(built_sample.cluster)) > 30
    assert built_sample.differences(sample_folder / "sample.duckdb") == []


def test_the_comparison_sees_a_changed_column(built_sample: Spark, sample_folder: Path) -> None:
    column = "revenue_share_rate"
    built_sample.execute(
        f"create table marketing.changed as select * except ({column}), "
        f"{column} * (1 + 1e-8) as {column} from marketing.product_performance"
    )
    found = spark.marts(built_sample.cluster)
    built_sample.execute("drop table marketing.changed")
    found["marketing.product_performance"] = found.pop("marketing.changed")
    lines = differences(marts(sample_folder / "sample.duckdb"), found)
    assert {line.split(":")[0] for line in lines} == {"marketing.product_performance"}


def test_tables_have_statistics(built_sample: Spark) -> None:
    described = built_sample.rows("describe extended marketing.orders order_id")
    orders = int(str(built_sample.rows("select count(*) from marketing.orders")[0][0]))
    (distinct,) = (int(str(value)) for name, value in described if name == "distinct_count")
    assert distinct == pytest.approx(orders, rel=0.1)  # Spark estimates it


def test_a_build_that_breaks_its_contract_leaves_the_table_that_was_there(
    built_sample: Spark, tmp_path: Path
) -> None:
    customers = "select count(*), sum(number_of_orders) from marketing.customers"
    before = built_sample.rows(customers)
    copy = with_broken_contract(tmp_path / "copy")
    assert not built_sample.build(*in_copy(copy), "--select", "customers").success
    (message,) = [r["message"] for r in built_sample.results() if r["status"] == "error"]
    assert "contract" in message
    assert built_sample.rows(customers) == before


@pytest.mark.parametrize("as_of", ["2024-06-30", "2024-03-31"])
def test_the_trap_sets_are_alike(
    engine: Spark, worker: DbtWorker, tmp_path: Path, as_of: str
) -> None:
    day = ("--vars", f"{{as_of_date: {as_of}}}")
    warehouse = built_traps(tmp_path, worker, *day)
    engine.clear()
    engine.copy_raw(warehouse.database)
    assert engine.build(*NO_TESTS, *day).success
    assert engine.differences(warehouse.database) == []


def built_traps(folder: Path, worker: DbtWorker, *arguments: str) -> Warehouse:
    warehouse = Warehouse(folder=folder, worker=worker)
    for source in raw_sources(PROJECT):
        warehouse.load_traps(source)
    assert warehouse.dbt("build", *NO_TESTS, *arguments).success
    return warehouse


def test_late_changes_reach_an_incremental_build_alike(
    engine: Spark, worker: DbtWorker, tmp_path: Path
) -> None:
    warehouse = Warehouse(folder=tmp_path, worker=worker)
    connection = connect(warehouse.database)
    connection.execute(raw_tables("dbt_production") + RAW)
    connection.close()
    engine.clear()
    engine.copy_raw(warehouse.database)
    assert warehouse.dbt("build", *NO_TESTS, *INCREMENTAL).success
    assert engine.build(*NO_TESTS, *INCREMENTAL).success
    assert engine.differences(warehouse.database) == []

    connection = connect(warehouse.database)
    connection.execute(CHANGES)
    connection.close()
    engine.copy_raw(warehouse.database)
    assert warehouse.dbt("build", *NO_TESTS, *INCREMENTAL).success
    assert engine.build(*NO_TESTS, *INCREMENTAL).success
    assert engine.differences(warehouse.database) == []
    # Both looked at the last days alone: what changed before them is as it was.
    deleted = "select count(*) from marketing.orders where order_id = 'deleted'"
    assert engine.rows(deleted) == warehouse.rows(deleted)


def test_a_build_that_loses_a_worker_ends_right(
    engine: Spark, worker: DbtWorker, tmp_path: Path
) -> None:
    warehouse = built_traps(tmp_path, worker)
    engine.clear()
    engine.copy_raw(warehouse.database)
    killed = threading.Thread(target=kill_a_worker, args=[engine])
    killed.start()
    run = engine.build(*NO_TESTS)
    killed.join()
    assert not cluster.is_alive(engine.cluster.processes["worker2"])
    if not run.success:
        messages = [r["message"] for r in engine.results() if r["status"] == "error"]
        assert all("lost" in message.lower() for message in messages), messages
        assert engine.build(*NO_TESTS).success
    assert engine.differences(warehouse.database) == []


def kill_a_worker(engine: Spark) -> None:
    """Kill a worker and its executor as soon as a mart is there, in the middle of the build."""
    for _ in range(6000):
        if ("marketing",) in engine.rows("show schemas") and engine.rows(
            "show tables in marketing"
        ):
            os.killpg(engine.cluster.processes["worker2"], signal.SIGKILL)
            return
        time.sleep(0.1)
