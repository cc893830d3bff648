"""Shop and finance marts built from raw data full of traps hold the answers of ANSWERS_SHOP.md.

The answers stand in one CSV file per mart, so that every column of every row is compared.
"""

from __future__ import annotations

import csv
import shutil
from datetime import date
from typing import TYPE_CHECKING

import pytest

from conftest import PROJECT
from marketing_analytics.warehouse import connect
from warehouse.trap_warehouse import TRAPS, Warehouse, WorkedAnswers

if TYPE_CHECKING:
    from pathlib import Path

    from marketing_analytics.dbt import DbtWorker

ANSWERS = TRAPS / "shop_answers"
NOW, THEN, BEGINNING = date(2024, 6, 30), date(2024, 6, 15), date(2023, 5, 31)
MARTS = {  # columns of the key
    "marketing.orders": 1,
    "marketing.customers": 1,
    "marketing.customer_segmentation": 1,
    "marketing.product_performance": 1,
    "marketing.product_cross_sell": 2,
    "marketing.customer_cohorts": 2,
    "marketing.marketing_attribution": 1,
    "marketing.shop_reconciliation": 1,
    "mart_marketing.mart_customer_revenue": 1,
    "mart_marketing.fct_customer_ltv": 1,
    "mart_marketing.mart_retention_segments": 2,
    "mart_marketing.mart_finance_quarterly": 1,
    "mart_marketing.agg_customer_activity": 2,
    "mart_marketing.finance_reconciliation": 1,
}
HISTORIES = {
    "marketing.customer_segment_history": 2,
    "mart_marketing.customer_revenue_segment_history": 2,
}
ADVICE = (  # mart, its column of advice, the column it follows, the rule table with both
    ("customer_segmentation", "marketing_action", "customer_segment", "segment_actions"),
    ("product_performance", "marketing_recommendation", "product_status", "product_actions"),
    (
        *("marketing_attribution", "optimization_recommendation"),
        *("channel_classification", "channel_classes"),
    ),
)


def answers(folder: object, relation: str) -> WorkedAnswers:
    return WorkedAnswers(path=ANSWERS / str(folder) / f"{relation.split('.')[1]}.csv")


SHOP = ("+path:models/marts/shop", "+path:models/marts/finance")
NO_TESTS = ("--exclude-resource-type", "unit_test", "test")


def built(warehouse: Warehouse, *arguments: str) -> Warehouse:
    run = warehouse.dbt("build", *arguments)
    assert run.success, (run.error, warehouse.statuses("fail", "error"))
    return warehouse


def copied(warehouse: Warehouse, folder: Path) -> Warehouse:
    shutil.copy(warehouse.database, folder)
    return Warehouse(folder=folder, worker=warehouse.worker)


def days_shown(warehouse: Warehouse) -> set[date]:
    """Return the as-of dates in the marts; all but that of the orders show theirs."""
    dated = [relation for relation in MARTS if relation != "marketing.orders"]
    parts = (f"select as_of_date from {relation}" for relation in dated)
    return {day for (day,) in warehouse.rows(" union ".join(parts))}


@pytest.fixture(scope="module")
def then(worker: DbtWorker, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The marts as of 2024-06-15: three orders, three refunds and two contacts are to come."""
    warehouse = Warehouse(folder=tmp_path_factory.mktemp("shop_then"), worker=worker)
    warehouse.load_traps("dbt_production")
    return built(warehouse, "--select", *SHOP, "--vars", f"as_of_date: {THEN}", *NO_TESTS)


@pytest.fixture(scope="module")
def now(then: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The next build of that warehouse: every model, and every test of the shop's."""
    warehouse = copied(then, tmp_path_factory.mktemp("shop_now"))
    return built(
        warehouse,
        *("--exclude", "path:models/*/marketing,resource_type:test"),
        *("--exclude-resource-type", "unit_test"),
    )


@pytest.fixture(scope="module")
def beginning(then: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The first month of the shop: two customers, one product, one channel."""
    warehouse = copied(then, tmp_path_factory.mktemp("shop_beginning"))
    return built(warehouse, "--select", *SHOP, "--vars", f"as_of_date: {BEGINNING}", *NO_TESTS)


@pytest.fixture(scope="module")
def other_settings(then: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    warehouse = copied(then, tmp_path_factory.mktemp("shop_settings"))
    return built(
        warehouse,
        *("--select", "+mart_customer_revenue", "+customers"),
        *("--vars", "{refund_basis: refund_date, expose_personal_data: true}", *NO_TESTS),
    )


# ------------------------------------------------- the whole set; a contact makes it 2024-06-30


def test_the_traps_build_with_just_the_warnings_they_call_for(now: Warehouse) -> None:
    assert now.statuses("warn") == [
        "assert_customer_revenue_segments_are_stable",  # Medium: m, and since then 007
        "orders_are_paid_unless_pending",  # o30
        "orders_are_refunded_up_to_their_amount",  # o29
        "orders_returned_have_a_refund",  # o37, o39; the return of o46 is only pending
        # k06 and o35 of 'ghost', r13 of it; i6, p99, r08 and r18 of the order 'gone'
        "relationships_stg_customer_contacts_customer_id__customer_id__ref_stg_customers_",
        "relationships_stg_order_items_order_id__order_id__ref_stg_orders_",
        "relationships_stg_orders_customer_id__customer_id__ref_stg_customers_",
        "relationships_stg_payments_order_id__order_id__ref_stg_orders_",
        "relationships_stg_refunds_customer_id__customer_id__ref_stg_customers_",
        "relationships_stg_refunds_order_id__order_id__ref_stg_orders_",
        "source_relationships_dbt_production_order_items_order_id__id__source_dbt_production_orders_",
        "source_relationships_dbt_production_orders_user_id__id__source_dbt_production_customers_",
        "source_relationships_dbt_production_payments_order_id__id__source_dbt_production_orders_",
        "source_relationships_dbt_production_refunds_order_id__id__source_dbt_production_orders_",
        "stg_refunds_name_an_order_or_a_customer",  # r07
    ]


@pytest.mark.parametrize("relation", MARTS)
def test_every_cell_of_the_mart_is_as_worked_out(now: Warehouse, relation: str) -> None:
    assert answers(NOW, relation).differences(now, relation, key=MARTS[relation]) == []


@pytest.mark.parametrize("relation", MARTS)
def test_every_column_of_the_mart_is_compared(now: Warehouse, relation: str) -> None:
    header, _ = answers(NOW, relation).read()
    advice = {column for mart, column, _, _ in ADVICE if relation.endswith(f".{mart}")}
    assert set(now.columns(relation)) - {"as_of_date"} == {*header, *advice}


def test_the_latest_event_of_any_table_is_the_as_of_date(now: Warehouse) -> None:
    assert days_shown(now) == {NOW}


@pytest.mark.parametrize(("mart", "column", "reason", "seed"), ADVICE)
def test_the_advice_is_that_of_the_rule_table(
    now: Warehouse, mart: str, column: str, reason: str, seed: str
) -> None:
    with (PROJECT / "seeds" / "rules" / f"{seed}.csv").open(encoding="utf-8") as file:
        rule = {row[reason]: row[column] for row in csv.DictReader(file)}
    found = now.rows(
        f"select distinct {reason}, {column} from marketing.{mart} where {column} is not null"
    )
    assert found
    assert {why: rule[why] for why, _ in found} == dict(found)


def test_only_what_names_no_product_has_no_advice(now: Warehouse) -> None:
    for mart, column, _, _ in ADVICE:
        found = now.rows(f"select * from marketing.{mart} where {column} is null")
        names = ["Unknown product"] if mart == "product_performance" else []
        assert [row[0] for row in found] == names


def test_each_order_follows_those_of_its_customer(now: Warehouse) -> None:
    relation = "staging.stg_customer_activity"
    assert answers(NOW, relation).differences(now, relation, key=1) == []


def test_an_event_in_the_future_is_listed(
    now: Warehouse, tmp_path_factory: pytest.TempPathFactory
) -> None:
    warehouse = copied(now, tmp_path_factory.mktemp("shop_future"))
    connection = connect(warehouse.database)
    connection.execute(
        "update dbt_production.orders set order_date = '2999-01-01' where id = 'o47';"
        "update dbt_production.refunds set refunded_at = '2999-01-01' where id = 'r01';"
        "update dbt_production.customer_contacts set contacted_at = '2999-01-01' where id = 'k01';"
    )
    connection.close()
    listed = warehouse.dbt("test", "--select", "source:dbt_production,test_name:not_in_the_future")
    assert listed.success
    assert warehouse.statuses("warn") == [
        "source_not_in_the_future_dbt_production_customer_contacts_contacted_at",
        "source_not_in_the_future_dbt_production_orders_order_date",
        "source_not_in_the_future_dbt_production_refunds_refunded_at",
    ]


# ------------------------------------------------- the same raw data on earlier days


@pytest.mark.parametrize("relation", MARTS)
def test_an_earlier_as_of_date_shows_what_was_known(then: Warehouse, relation: str) -> None:
    assert answers(THEN, relation).differences(then, relation, key=MARTS[relation]) == []


def test_the_marts_show_the_as_of_date_that_is_asked_for(then: Warehouse) -> None:
    assert days_shown(then) == {THEN}


@pytest.mark.parametrize("relation", MARTS)
def test_a_shop_that_has_just_opened_has_every_mart(beginning: Warehouse, relation: str) -> None:
    assert answers(BEGINNING, relation).differences(beginning, relation, key=MARTS[relation]) == []


# ------------------------------------------------- what changed between the two builds


@pytest.mark.parametrize("relation", HISTORIES)
def test_a_build_adds_its_day_to_the_history(now: Warehouse, relation: str) -> None:
    assert answers("history", relation).differences(now, relation, key=HISTORIES[relation]) == []


def test_a_full_refresh_leaves_the_history_as_it_is(
    now: Warehouse, tmp_path_factory: pytest.TempPathFactory
) -> None:
    warehouse = copied(now, tmp_path_factory.mktemp("shop_again"))
    names = [relation.split(".")[1] for relation in HISTORIES]
    built(warehouse, "--full-refresh", "--select", *names, *NO_TESTS)
    for relation, key in HISTORIES.items():
        assert answers("history", relation).differences(warehouse, relation, key=key) == []


def test_customers_move_between_segments(now: Warehouse) -> None:
    relation = "marketing.customer_segment_migrations"
    moves = f"(from {relation} where as_of_date = '{NOW}' and previous_as_of_date = '{THEN}')"
    assert answers("history", relation).differences(now, moves, key=2) == []


# ------------------------------------------------- other settings


def test_refunds_may_belong_to_the_day_they_are_paid(other_settings: Warehouse) -> None:
    relation = "mart_marketing.mart_customer_revenue"
    assert answers("refund_date", relation).differences(other_settings, relation, key=1) == []


def test_names_leave_the_warehouse_only_on_request(other_settings: Warehouse) -> None:
    names = other_settings.by_key(
        "select customer_id, first_name, last_name from marketing.customers"
    )
    assert names["007"] == ('Ann, the "Bond"', "B.")
    assert names["c,c"] == ("Çelik", "C., jr")
    assert names["g"] == ("Günther", "Groß, von")
    assert names["o"] == (None, None)
