"""Answers are read from the marts: by domain, and without one that is not built."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from marketing_analytics.answers.collect import collect
from marketing_analytics.answers.compute import domains_with_data
from marketing_analytics.answers.facts import (
    CustomerSegment,
    Product,
    ReturnsWithoutRefund,
    RevenueSegment,
    Stage,
)
from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.warehouse import in_memory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection

MARKETING = """
    create table marketing.funnel_reconciliation as
    select * from (values
        ('sessions', 10.00, 7.00, 2.00, 1.00, true, date '2024-05-31'),
        ('clicks', 5.00, 4.00, 0.00, 0.00, false, date '2024-05-31')
    ) as rows(
        stage, source_total, mart_total, no_campaign_total, unknown_campaign_total,
        is_reconciled, as_of_date
    );
    create table marketing.funnel_conversion_analysis as
    select
        'c1' as campaign_id, null::varchar as campaign_name, 'meta' as channel,
        0.5::double as funnel_efficiency_score, 10.00::decimal(18, 2) as spend_amount,
        20.00::decimal(18, 2) as revenue_amount, 'none' as leak_step,
        false as is_leak_significant, 0.0::double as leak_lost_conversions,
        0.0::double as leak_lost_revenue, 'keep' as recommended_action;
    create table marketing.channel_lifetime_value as
    select
        'direct' as acquisition_channel, 3 as customer_count, 0.5::double as repeat_rate,
        7.5::double as revenue_per_customer, 0.0::double as acquisition_cost,
        null::double as value_to_cost_ratio, null::bigint as months_to_payback,
        0.00::decimal(18, 2) as spend_amount;
"""
SHOP = """
    create table marketing.shop_reconciliation as
    select * from (values
        ('payments', 9.00, 9.00, 0.00, 0.00, 0.00, 0.00, date '2024-06-30'),
        ('segmentation', 8.00, 5.00, 2.00, 0.50, 0.25, 0.25, date '2024-06-30')
    ) as rows(
        stage, source_total, mart_total, guest_total, unknown_customer_total, test_user_total,
        unexplained_total, as_of_date
    );
    create table marketing.customer_segmentation as
    select * from (values
        ('Lost', 10.00, 1, 80, 'Let go.'),
        ('Lost', 20.00, 2, 90, 'Let go.'),
        ('Champions', 50.00, 4, 5, 'Thank.'),
        ('No Purchase', 0.00, 0, null, 'Invite.')
    ) as rows(customer_segment, total_revenue, total_orders, churn_risk_score, marketing_action);
    create table marketing.product_performance as
    select * from (values
        ('Tube', 2, 10.00, 0.25::double, 'B', 'Problem', 0.5::double, 'Bike'),
        ('Bike', 1, 30.00, 0.75::double, 'A', 'Star', 0.0::double, null)
    ) as rows(
        product_name, revenue_rank, total_revenue, revenue_share_rate, abc_category,
        product_status, return_rate, cross_sell_product
    );
"""
# The window of 90 days that ends on 2024-06-30 begins on 2024-04-02.
FINANCE = """
    create table marketing.orders as
    select * from (values
        (true, 'customer', 'returned', date '2024-04-02'),
        (true, 'customer', 'return_pending', date '2024-04-02'),
        (true, 'customer', 'return_pending', date '2024-06-30'),
        (true, 'customer', 'returned', date '2024-04-01'),
        (true, 'guest', 'returned', date '2024-06-30'),
        (true, 'test user', 'returned', date '2024-06-30'),
        (false, 'customer', 'returned', date '2024-06-30')
    ) as rows(is_refund_assumed, buyer_type, status, order_date);
    create table mart_marketing.finance_reconciliation as
    select
        'refunds' as stage, 1.00 as source_total, 1.00 as mart_total, 0.00 as unexplained_total,
        date '2024-06-30' as as_of_date;
    create table mart_marketing.mart_customer_revenue as
    select * from (values
        ('Low', -5.00, 15.00, date '2024-06-30'),
        ('High', 6000.00, 0.00, date '2024-06-30'),
        ('Low', 3.00, 0.00, date '2024-06-30'),
        ('Medium', 1000.00, 1.00, date '2024-06-30')
    ) as rows(cltv_segment, net_revenue_90d, refund_amount_90d, as_of_date);
"""
GAMING = """
    create table customer.gaming_reconciliation as
    select
        'players' as stage, 3.00 as source_total, 3.00 as mart_total, 0.00 as unexplained_total,
        date '2024-06-30' as as_of_date;
    create table customer.customer_ltv_scoring as
    select * from (values
        ('Standard', 10.00, 30.0::double, 4, 39.5::double, 'Standard Marketing'),
        ('Gold VIP', 90.00, 300.0::double, 10, 61.0::double, 'Eligible for VIP Promotions'),
        ('Gold VIP', 110.00, 500.0::double, 20, 79.0::double, 'Standard Marketing')
    ) as rows(
        vip_tier, total_purchase_amount_usd, predicted_annual_ltv, days_since_last_activity,
        ltv_score, promotion_category
    );
    create table customer.channel_high_jackpot_players as
    select * from (values
        ('(none)', 1, 0.0::double, 0.00), ('search', 2, 0.5::double, 80.00),
        ('display', 0, 0.0::double, 20.00)
    ) as rows(channel, player_count, high_jackpot_player_rate, ad_spend_usd);
    create table customer.channel_first_purchase_times as
    select * from (values
        ('(none)', null::bigint, 0.0::double, 0, 0), ('search', 4, 0.5::double, 1, 1)
    ) as rows(
        channel, median_days_to_first_purchase, not_yet_converted_rate, converted_player_count,
        not_yet_converted_player_count
    );
    create table customer.channel_return_on_ad_spend as
    select * from (values
        ('search', 2.5::double, 1.25::double), ('display', 0.0::double, 0.0::double)
    ) as rows(channel, first_touch_purchase_return_ratio, last_touch_purchase_return_ratio);
"""
ALL_TABLES = "select table_schema || '.' || table_name from information_schema.tables"


@pytest.fixture
def warehouse() -> Iterator[DuckDBPyConnection]:
    connection = in_memory()
    connection.execute(
        "create schema marketing; create schema mart_marketing; create schema customer;"
    )
    yield connection
    connection.close()


def test_marketing_is_read_with_the_sessions_that_no_campaign_has(
    warehouse: DuckDBPyConnection,
) -> None:
    warehouse.execute(MARKETING)
    answers = collect(warehouse)
    found = answers.marketing
    assert found is not None
    assert found.as_of_date == date(2024, 5, 31)
    assert [(stage.name, stage.is_reconciled) for stage in found.stages] == [
        ("clicks", False),
        ("sessions", True),
    ]
    assert found.campaigns[0].name == "c1"  # it has no other
    assert found.channels[0].acquisition_cost is None
    assert (found.sessions, found.sessions_without_known_campaign) == (10, 3)
    assert (answers.shop, answers.finance) == (None, None)


def test_the_shop_is_read_by_revenue(warehouse: DuckDBPyConnection) -> None:
    warehouse.execute(SHOP)
    found = collect(warehouse).shop
    assert found is not None
    assert found.segments[:2] == (
        CustomerSegment(
            name="Champions",
            customers=1,
            revenue_each=50.0,
            orders_each=4.0,
            churn_risk=5.0,
            action="Thank.",
        ),
        CustomerSegment(
            name="Lost",
            customers=2,
            revenue_each=15.0,
            orders_each=1.5,
            churn_risk=85.0,
            action="Let go.",
        ),
    )
    assert found.segments[2].churn_risk is None
    assert [product.name for product in found.products] == ["Bike", "Tube"]
    assert found.products[1] == Product(
        name="Tube",
        revenue=Decimal("10.00"),
        share=0.25,
        abc_category="B",
        status="Problem",
        return_rate=0.5,
        offer="Bike",
    )
    assert found.left_out.total == 8
    assert found.left_out.guests == 2
    assert found.left_out.unknown_customers == Decimal("0.50")
    assert found.left_out.test_users == Decimal("0.25")
    assert found.stages[1] == Stage(
        name="segmentation",
        source_total=Decimal("8.00"),
        mart_total=Decimal("5.00"),
        is_reconciled=False,
    )


def test_finance_counts_the_assumed_refunds_of_its_customers_and_days(
    warehouse: DuckDBPyConnection,
) -> None:
    warehouse.execute(FINANCE)
    found = collect(warehouse).finance
    assert found is not None
    assert [segment.name for segment in found.segments] == ["High", "Medium", "Low"]
    assert found.segments[2] == RevenueSegment(
        name="Low", customers=2, net_revenue=Decimal("-2.00"), refunds=Decimal("15.00")
    )
    assert found.without_refund == ReturnsWithoutRefund(returned=1, pending=2)


def test_marts_without_rows_are_domains_without_data(warehouse: DuckDBPyConnection) -> None:
    warehouse.execute(MARKETING + SHOP + FINANCE + GAMING)
    assert len(domains_with_data(collect(warehouse))) == 4
    for (table,) in warehouse.execute(ALL_TABLES).fetchall():
        warehouse.execute(f"delete from {table}")
    answers = collect(warehouse)
    assert answers.marketing is not None
    assert answers.marketing.sessions == 0
    assert domains_with_data(answers) == ()


def test_nothing_built_says_what_to_run(warehouse: DuckDBPyConnection) -> None:
    with pytest.raises(MarketingAnalyticsError, match="not built yet; run `mktg build`"):
        collect(warehouse)


def test_marts_of_another_version_are_to_be_built_again(warehouse: DuckDBPyConnection) -> None:
    warehouse.execute(SHOP + "alter table marketing.product_performance drop return_rate;")
    with pytest.raises(MarketingAnalyticsError, match="build them again"):
        collect(warehouse)


def test_gaming_is_read_by_tier_promotion_and_channel(warehouse: DuckDBPyConnection) -> None:
    warehouse.execute(GAMING)
    found = collect(warehouse).gaming
    assert found is not None
    assert [(tier.name, tier.players, tier.spent_each) for tier in found.tiers] == [
        ("Gold VIP", 2, 100.0),
        ("Standard", 1, 10.0),
    ]
    assert (found.tiers[0].predicted_year_each, found.tiers[0].inactive_days_each) == (400, 15)
    assert [(each.name, each.players) for each in found.promotions] == [
        ("Standard Marketing", 2),
        ("Eligible for VIP Promotions", 1),
    ]
    shown = [
        (channel.name, channel.median_days, channel.not_yet_converted_rate)
        for channel in found.channels
    ]
    assert shown == [("search", 4, 0.5), ("(none)", None, None), ("display", None, None)]
    assert [channel.first_touch_return for channel in found.channels] == [2.5, None, 0.0]
