"""Whatever arrives late, twice or out of order: incremental builds give what one full build gives.

The models are those of the incremental tables, compiled for both kinds of build and run in memory;
what a build replaces is that of get_incremental_replace_days_sql.sql, which test_incremental.py and
the other engines run through dbt.
"""

from __future__ import annotations

import random
from dataclasses import astuple, dataclass, fields, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from conftest import PROJECT
from marketing_analytics.engines.warehouses.compiled import Compiled, Node, compile_project
from marketing_analytics.raw_schema import raw_source
from marketing_analytics.warehouse import in_memory
from warehouse.random_worlds import runs
from warehouse.reference_shop import Order, ShopWorld
from warehouse.test_random_worlds_shop import busy_worlds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection

    from marketing_analytics.dbt import DbtWorker

SOURCE = "dbt_production"
SENT_AGAIN = ("orders", "payments", "refunds")  # tables whose rows may come in several versions
VARIABLES = (
    '{"orders_materialized": "incremental", "deduplicate_raw": '
    '["dbt_production.orders", "dbt_production.payments", "dbt_production.refunds"]}'
)
LOOKBACK = timedelta(days=30)
ROUNDS = 3  # a full build and two incremental ones
INCREMENTAL = ("staging.stg_order_payments", "marketing.orders")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A version of a raw row, and the round in which it comes."""

    table: str
    row: Any
    round: int


class Shop:
    """The tables of the shop's orders, which grow by arrivals."""

    def __init__(self, full: Compiled, incremental: Compiled) -> None:
        self._relations = full.relations
        self._models = _with_ancestors(full, INCREMENTAL)
        self._branches = {node.table: node for node in incremental.models}
        self._connection: DuckDBPyConnection = in_memory()
        self._connection.execute("set threads = 1")

    def close(self) -> None:
        self._connection.close()

    def empty(self) -> None:
        """Make the raw tables anew."""
        run = self._connection.execute
        for table in raw_source(PROJECT, SOURCE).tables:
            columns = ", ".join(f'"{c.name}" {c.data_type}' for c in table.columns)
            run(f"create schema if not exists {SOURCE}")
            run(f"create or replace table {SOURCE}.{table.name} ({columns}, _loaded_at integer)")
        run("create schema if not exists rules")
        for path in sorted((PROJECT / "seeds" / "rules").glob("*.csv")):
            run(f"create table if not exists rules.{path.stem} as from read_csv('{path}')")

    def receive(self, arrivals: list[Arrival]) -> None:
        for arrival in arrivals:
            names = [*(field.name for field in fields(arrival.row)), "_loaded_at"]
            self._connection.execute(
                f"insert into {SOURCE}.{arrival.table} ({', '.join(names)}) "
                f"values ({', '.join('?' for _ in names)})",
                [*astuple(arrival.row), arrival.round],
            )

    def build(self, *, incrementally: bool) -> None:
        for node in self._models:
            if incrementally and node.table in self._branches:
                self._add(self._branches[node.table])
            else:
                self._create(node.table, node)

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        return {
            table: self._connection.execute(f"from {table} order by all").fetchall()
            for table in INCREMENTAL
        }

    def _create(self, table: str, node: Node) -> None:
        self._connection.execute(f"create schema if not exists {table.partition('.')[0]}")
        self._connection.execute(f"create or replace table {table} as {self._sql(node)}")

    def _add(self, branch: Node) -> None:
        sql = self._sql(branch)
        self._create("staging.arrived", branch)
        self._connection.execute(
            f"delete from {branch.table} where order_date in "
            f"(select order_date from staging.arrived) or order_date > {_start(sql, branch.table)}"
        )
        self._connection.execute(f"insert into {branch.table} by name from staging.arrived")

    def _sql(self, node: Node) -> str:
        sql = node.sql
        for written, table in self._relations.items():
            sql = sql.replace(written, table)
        return sql


def _start(sql: str, table: str) -> str:
    """Return the query with which a branch finds the last day that it leaves as it is."""
    found = [
        comparison.expression.sql("duckdb")
        for comparison in sqlglot.parse_one(sql, read="duckdb").find_all(exp.GT)
        if isinstance(comparison.expression, exp.Subquery)
    ]
    assert found and table in found[0]
    return found[0]


def _with_ancestors(compiled: Compiled, wanted: tuple[str, ...]) -> list[Node]:
    needed = set(wanted)
    models = []
    for node in reversed(compiled.models):
        if node.table in needed:
            needed.update(node.reads)
            models.append(node)
    return models[::-1]


@pytest.fixture(scope="module")
def shop(worker: DbtWorker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("arrivals")
    full = compile_project(worker, "local", folder, variables=VARIABLES)
    names = [node.name for node in full.models if node.has_incremental_branch]
    incremental = compile_project(worker, "local", folder, incremental=names, variables=VARIABLES)
    built = Shop(full, incremental)
    yield built
    built.close()


def day_of(row: Any, days: dict[str, date]) -> date:
    """Return the day that decides whether a later build still sees a change of a row."""
    if isinstance(row, Order):
        return row.order_date
    if hasattr(row, "refunded_at"):
        return date.fromisoformat(row.refunded_at.isoformat()[:10])
    return days.get(getattr(row, "order_id", row.id), date.min)


def arrivals_of(world: ShopWorld, seed: int) -> list[Arrival]:
    """Return when each row comes: those of the look-back in any round, some in two versions.

    What is further back, and customers, who may have old orders, are there from the beginning.
    """
    chance = random.Random(seed)
    days = {order.id: order.order_date for order in world.orders}
    last = max(days.values(), default=date.min)
    start = last - LOOKBACK if last > date(1900, 1, 1) + LOOKBACK else last
    found = []
    for table in fields(world):
        for row in getattr(world, table.name):
            is_late = table.name in SENT_AGAIN and day_of(row, days) > start
            arrived = chance.choice(range(ROUNDS)) if is_late else 0
            if is_late and arrived and chance.random() < 0.5:
                earlier = _earlier_version(row, chance, start, last)
                found.append(
                    Arrival(table=table.name, row=earlier, round=chance.choice(range(arrived)))
                )
            found.append(Arrival(table=table.name, row=row, round=arrived))
    chance.shuffle(found)
    return found


def _earlier_version(row: Any, chance: random.Random, start: date, last: date) -> Any:
    """Return what a row was before: an order on another day, a payment of another amount."""
    if isinstance(row, Order):
        day = start + timedelta(days=chance.randint(1, (last - start).days))
        return replace(row, order_date=day, status=chance.choice(["placed", "completed"]))
    return replace(row, amount=chance.choice([None, 1, 10_000]))


@runs(40)
@given(world=busy_worlds(), seed=st.integers(0, 2**32))
def test_incremental_builds_are_a_full_build(shop: Shop, world: ShopWorld, seed: int) -> None:
    arrivals = arrivals_of(world, seed)
    shop.empty()
    for number in range(ROUNDS):
        shop.receive([arrival for arrival in arrivals if arrival.round == number])
        shop.build(incrementally=number > 0)
    incremental = shop.rows()
    shop.build(incrementally=False)
    assert shop.rows() == incremental


@runs(40, share=2)
@given(world=busy_worlds(), seed=st.integers(0, 2**32))
def test_of_each_row_its_newest_version_counts(shop: Shop, world: ShopWorld, seed: int) -> None:
    shop.empty()
    shop.receive(arrivals_of(world, seed))
    shop.build(incrementally=False)
    of_all_versions = shop.rows()
    shop.empty()
    for table in fields(world):
        rows = getattr(world, table.name)
        shop.receive([Arrival(table=table.name, row=row, round=0) for row in rows])
    shop.build(incrementally=False)
    assert shop.rows() == of_all_versions


def test_a_change_before_the_look_back_would_be_seen_as_a_difference(shop: Shop) -> None:
    """Else the tests above could not fail."""
    old, new = date(2024, 1, 1), date(2024, 6, 1)
    orders = [Order(id="old", order_date=old, status="placed", user_id="a", cycle_name=None)]
    orders += [Order(id="new", order_date=new, status="placed", user_id="a", cycle_name=None)]
    shop.empty()
    shop.receive([Arrival(table="orders", row=order, round=0) for order in orders])
    shop.build(incrementally=False)
    late = replace(orders[0], status="completed")
    shop.receive([Arrival(table="orders", row=late, round=1)])
    shop.build(incrementally=True)
    incremental = shop.rows()
    shop.build(incrementally=False)
    assert shop.rows() != incremental
