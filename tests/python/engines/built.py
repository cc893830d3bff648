"""An engine on which dbt builds the project, and what every engine has to do alike."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from conftest import PROJECT
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
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from marketing_analytics.dbt import DbtRun, DbtWorker
    from marketing_analytics.engines.marts import Cursor
    from marketing_analytics.engines.postgres import Server

NO_TESTS = ("--exclude-resource-type", "unit_test", "test")
INCREMENTAL = (
    *("--select", "+path:models/marts/shop", "+path:models/marts/finance"),
    *("--vars", "{orders_materialized: incremental}"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine(ABC):
    """A database of an engine, and dbt's artifacts of its builds."""

    target: ClassVar[str]
    folder: Path
    worker: DbtWorker

    @abstractmethod
    def environment(self) -> dict[str, str]:
        """Return what dbt has to know to connect."""

    @abstractmethod
    def cursor(self) -> AbstractContextManager[Cursor]:
        """Connect."""

    @abstractmethod
    def copied(self, database: Path) -> dict[str, int]:
        """Copy the raw tables of a DuckDB file, return the row counts."""

    @abstractmethod
    def marts(self) -> dict[str, Table]:
        """Read every mart."""

    def build(self, *arguments: str) -> DbtRun:
        return self.worker.run(
            *("build", "--target", self.target, "--quiet", "--target-path", str(self.folder)),
            *("--log-path", str(self.folder / "logs"), *arguments),
            environment=self.environment(),
        )

    def results(self) -> list[dict[str, str]]:
        results: list[dict[str, str]]
        results = json.loads((self.folder / "run_results.json").read_text())["results"]
        return results

    def errors(self) -> list[str]:
        """Return what was said where the last build failed."""
        return [str(r["message"]) for r in self.results() if r["status"] == "error"]

    def statuses(self) -> dict[str, str]:
        return {result["unique_id"]: result["status"] for result in self.results()}

    def execute(self, *statements: str) -> None:
        with self.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with self.cursor() as cursor:
            cursor.execute(query)
            return [tuple(row) for row in cursor.fetchall()]

    def copy_raw(self, database: Path) -> None:
        assert sum(self.copied(database).values()) > 0

    def differences(self, database: Path) -> list[str]:
        return differences(duckdb_marts(database), self.marts())


@dataclass(frozen=True, slots=True, kw_only=True)
class Postgres(Engine):
    """A database of a PostgreSQL server."""

    target: ClassVar[str] = "postgres"
    server: Server

    def environment(self) -> dict[str, str]:
        return self.server.environment()

    def cursor(self) -> AbstractContextManager[Cursor]:
        return postgres.connected(self.server)

    def copied(self, database: Path) -> dict[str, int]:
        return postgres.copy_raw_tables(database, self.server, raw_sources(PROJECT).values())

    def marts(self) -> dict[str, Table]:
        return postgres.marts(self.server)


def build_with_all_tests(engine: Engine, database: Path) -> None:
    engine.copy_raw(database)
    run = engine.build()
    assert run.success, (run.error, engine.statuses())


def assert_all_tests_passed(engine: Engine) -> None:
    statuses = engine.statuses()
    kinds = {name.split(".")[0] for name in statuses}
    assert {"model", "seed", "test", "unit_test"} <= kinds
    others = {name: s for name, s in statuses.items() if s not in ("success", "pass", "no-op")}
    # The sample has players who signed up twice; tests of raw tables do not run on DuckDB's sample.
    assert {name.split(".")[2]: status for name, status in others.items()} == {
        "source_unique_lottery_raw_signups_user_id": "warn"
    }


def assert_every_mart_is_alike(engine: Engine, database: Path) -> None:
    assert len(engine.marts()) > 30
    assert engine.differences(database) == []


def assert_a_broken_contract_leaves_the_table(engine: Engine, folder: Path) -> None:
    customers = "select count(*), sum(number_of_orders) from marketing.customers"
    before = engine.rows(customers)
    copy = with_broken_contract(folder / "copy")
    assert not engine.build(*in_copy(copy), "--select", "customers").success
    (message,) = engine.errors()
    assert "contract" in message
    assert engine.rows(customers) == before


def built_traps(folder: Path, worker: DbtWorker, *arguments: str) -> Path:
    """Return DuckDB's build of the trap sets."""
    warehouse = Warehouse(folder=folder, worker=worker)
    for source in raw_sources(PROJECT):
        warehouse.load_traps(source)
    assert warehouse.dbt("build", *NO_TESTS, *arguments).success
    return warehouse.database


def assert_traps_are_alike(engine: Engine, folder: Path, as_of: str) -> None:
    day = ("--vars", f"{{as_of_date: {as_of}}}")
    database = built_traps(folder, engine.worker, *day)
    engine.copy_raw(database)
    assert engine.build(*NO_TESTS, *day).success
    assert engine.differences(database) == []


def assert_tests_run_there(engine: Engine) -> None:
    run = engine.build(*("--select", "orders", "--indirect-selection", "cautious"))
    assert run.success, (run.error, engine.errors())
    kinds = [name.split(".")[0] for name in engine.statuses()]
    assert kinds.count("test") >= 10
    assert kinds.count("unit_test") >= 8


def assert_late_changes_arrive_alike(
    engine: Engine, folder: Path, change: Callable[[Path], None]
) -> None:
    """Build a shop twice; `change` makes on the engine what has changed on DuckDB in between."""
    warehouse = Warehouse(folder=folder, worker=engine.worker)

    def build_both() -> None:
        assert warehouse.dbt("build", *NO_TESTS, *INCREMENTAL).success
        assert engine.build(*NO_TESTS, *INCREMENTAL).success
        assert engine.differences(warehouse.database) == []

    execute(warehouse.database, raw_tables("dbt_production") + RAW)
    engine.copy_raw(warehouse.database)
    build_both()
    execute(warehouse.database, CHANGES)
    change(warehouse.database)
    build_both()
    # Both looked at the last days alone: what changed before them is as it was.
    deleted = "select count(*) from marketing.orders where order_id = 'deleted'"
    assert engine.rows(deleted) == warehouse.rows(deleted)


def execute(database: Path, script: str) -> None:
    connection = connect(database)
    connection.execute(script)
    connection.close()
