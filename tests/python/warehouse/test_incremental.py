"""An incremental build of the orders gives what a full build of the same raw data gives.

What it cannot see, a change further back than the look-back, fails a test of the build instead.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from warehouse.changing_shop import CHANGES, RAW
from warehouse.restored import RestoredWarehouse, raw_tables
from warehouse.trap_warehouse import Warehouse, money

if TYPE_CHECKING:
    from marketing_analytics.dbt import DbtWorker

PAST = date(2024, 2, 10)  # further back than a look-back from the latest order
NO_TESTS = ("--exclude-resource-type", "unit_test", "test")
EVERYTHING = ("--select", "+path:models/marts/shop", "+path:models/marts/finance", *NO_TESTS)
ORDERS = ("--select", "+stg_order_payments", "+orders", *NO_TESTS)
TOTALS = "assert_shop_totals_survive_from_raw_to_marts"
FAILED = f"dbt_test__audit.{TOTALS}"
# What is known of the day before, beside what is built, is no part of a full build.
HISTORY = {
    *("customer_segment_history", "customer_segment_migrations"),
    "customer_revenue_segment_history",
}

Rows = dict[str, list[tuple[Any, ...]]]


def rows(shop: RestoredWarehouse, database: bytes) -> Rows:
    """Return every row of the orders' payments and of each mart that is built."""
    warehouse = shop.restore(database)
    tables = warehouse.rows(
        "select schema_name || '.' || table_name, table_name from duckdb_tables() "
        "where schema_name in ('marketing', 'mart_marketing')"
    )
    names = sorted(relation for relation, name in tables if name not in HISTORY)
    return {
        name: warehouse.rows(f"select * from {name} order by all")
        for name in ["staging.stg_order_payments", *names]
    }


def failures(shop: RestoredWarehouse) -> dict[Any, Any]:
    """Return what the test of the totals expected and found, by what it measured."""
    return shop.warehouse.by_key(f"select measure, expected, found from {FAILED}")


def only_orders(found: Rows) -> Rows:
    return {name: found[name] for name in ("staging.stg_order_payments", "marketing.orders")}


@pytest.fixture(scope="module")
def shop(worker: DbtWorker, tmp_path_factory: pytest.TempPathFactory) -> RestoredWarehouse:
    folder = tmp_path_factory.mktemp("incremental")
    return RestoredWarehouse(
        warehouse=Warehouse(folder=folder, worker=worker),
        variables="{orders_materialized: incremental}",
    )


@pytest.fixture(scope="module")
def past_shop(worker: DbtWorker, tmp_path_factory: pytest.TempPathFactory) -> RestoredWarehouse:
    """The same shop as it was before its latest orders."""
    folder = tmp_path_factory.mktemp("incremental_past")
    return RestoredWarehouse(
        warehouse=Warehouse(folder=folder, worker=worker),
        variables=f"{{orders_materialized: incremental, as_of_date: {PAST}}}",
    )


@pytest.fixture(scope="module")
def raw(shop: RestoredWarehouse) -> bytes:
    """A database of raw tables."""
    return shop.database(raw_tables("dbt_production") + RAW)


@pytest.fixture(scope="module")
def past(past_shop: RestoredWarehouse, raw: bytes) -> bytes:
    return past_shop.built(raw, "", *ORDERS)


@pytest.fixture(scope="module")
def base(shop: RestoredWarehouse, raw: bytes) -> bytes:
    """The first build."""
    return shop.built(raw, "", *EVERYTHING)


@pytest.fixture(scope="module")
def changed(shop: RestoredWarehouse, base: bytes) -> bytes:
    """The second build: only the last days are taken anew."""
    return shop.built(base, CHANGES, *EVERYTHING)


# ------------------------------------------------- what an incremental build sees


def test_an_incremental_build_equals_a_full_one(
    shop: RestoredWarehouse, raw: bytes, changed: bytes
) -> None:
    found = rows(shop, changed)
    expected = rows(shop, shop.built(raw, CHANGES, *EVERYTHING))
    assert len(expected) == 15  # the orders' payments, nine marts of the shop and five of finance
    assert [name for name, rows in expected.items() if not rows] == []
    assert found.keys() == expected.keys()
    assert [name for name in expected if found[name] != expected[name]] == []


def test_the_orders_of_the_last_days_are_as_raw_has_them(
    shop: RestoredWarehouse, changed: bytes
) -> None:
    found = shop.restore(changed).by_key(
        "select order_id, order_date, status, amount, refund_amount from marketing.orders"
    )
    assert found["first_day_in"][:2] == (date(2024, 3, 2), "completed")
    assert found["paid_in_parts"][2:] == (money("137.00"), money("5.00"))
    assert found["moves_to_a_new_day"][0] == date(2024, 3, 20)
    assert found["moves_to_an_old_day"][0] == date(2024, 3, 5)
    assert found["stays"] == (date(2024, 3, 15), "returned", money("0.01"), money("0.01"))
    assert found["latest"][2] == 0
    assert found["paid_back_late"][3] == money("9.00")
    assert found["of_the_same_day"][3] == money("7.00")
    assert found["forgotten_refund"][3] == money("1.00")
    assert found["new_guest"][2] == money("80.00")
    assert "deleted" not in found
    assert len(found) == 15


def test_another_build_changes_nothing(shop: RestoredWarehouse, changed: bytes) -> None:
    again = shop.built(changed, "", *ORDERS)
    assert rows(shop, again) == rows(shop, changed)


# ------------------------------------------------- what it cannot see, and says

# Tests that read more than is built here are left out.
UNIT_TESTS = ("--exclude-resource-type", "unit_test", "--indirect-selection", "buildable")
SEEN_BY_TOTALS = ("--store-failures", "--select", "stg_order_payments", "orders", TOTALS)
QUARTERS = ("int_customer_refunds", "int_revenue_entries", "mart_finance_quarterly")
OLD_PAYMENT = """
    insert into dbt_production.payments (id, order_id, payment_method, amount)
    values ('q9', 'last_day_out', 'credit_card', 1)
"""


def test_a_change_before_the_look_back_is_not_seen_and_fails_the_build(
    shop: RestoredWarehouse, base: bytes
) -> None:
    run = shop.run(base, OLD_PAYMENT, "build", *SEEN_BY_TOTALS, *UNIT_TESTS)
    assert not run.success
    assert shop.warehouse.statuses("fail", "error") == [TOTALS]
    expected, found = failures(shop)["amount of orders"]
    assert (expected, found) == (139101, 139100)  # cents
    unseen = shop.warehouse.database.read_bytes()
    assert only_orders(rows(shop, unseen)) == only_orders(rows(shop, base))


def test_a_full_refresh_mends_it(shop: RestoredWarehouse, base: bytes) -> None:
    shop.built(base, OLD_PAYMENT, "--full-refresh", *ORDERS)
    amounts = shop.warehouse.by_key("select order_id, amount from marketing.orders")
    assert amounts["last_day_out"] == (money("104.01"),)


def test_an_account_that_turns_into_a_test_user_fails_the_build(
    shop: RestoredWarehouse, base: bytes
) -> None:
    change = "update dbt_production.customers set is_test_user = true where id = 'c'"
    run = shop.run(base, change, "build", *SEEN_BY_TOTALS, *QUARTERS, *UNIT_TESTS)
    assert not run.success
    expected, found = failures(shop)["gross_amount of mart_finance_quarterly"]
    assert found - expected == 10600  # 'long_ago', the one of 'c' before the look-back


def test_an_order_that_moves_out_of_the_old_days_fails_the_build(
    shop: RestoredWarehouse, base: bytes
) -> None:
    change = "update dbt_production.orders set order_date = '2024-03-31' where id = 'long_ago'"
    run = shop.run(base, change, "build", "--select", "stg_order_payments", "orders", *UNIT_TESTS)
    assert not run.success
    assert shop.warehouse.statuses("fail", "error") == ["unique_stg_order_payments_order_id"]
    assert "unique_orders_order_id" in shop.warehouse.statuses("skipped")


# ------------------------------------------------- as-of dates back and forth


def test_a_later_build_of_a_past_as_of_date_takes_away_what_comes_after(
    past_shop: RestoredWarehouse, base: bytes, past: bytes
) -> None:
    back = rows(past_shop, past_shop.built(base, "", *ORDERS))
    assert only_orders(back) == rows(past_shop, past)
    days = [row[2] for row in back["marketing.orders"]]
    assert (len(days), max(days)) == (4, date(2024, 2, 6))


def test_a_build_after_that_brings_it_back(
    shop: RestoredWarehouse, base: bytes, past: bytes
) -> None:
    forth = rows(shop, shop.built(past, "", *ORDERS))
    assert forth == only_orders(rows(shop, base))
