"""Reads the answers from the marts."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import duckdb

from marketing_analytics.answers.facts import (
    Answers,
    Campaign,
    Channel,
    CustomerSegment,
    Finance,
    Gaming,
    Marketing,
    PlayerChannel,
    PlayerTier,
    Product,
    Promotion,
    ReturnsWithoutRefund,
    RevenueLeftOut,
    RevenueSegment,
    Shop,
    Stage,
)
from marketing_analytics.errors import MarketingAnalyticsError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from typing import Any

    from duckdb import DuckDBPyConnection

Fact = TypeVar("Fact")

CAMPAIGNS = """
    select
        coalesce(campaign_name, campaign_id) as name,
        channel,
        funnel_efficiency_score as score,
        spend_amount as spend,
        revenue_amount as revenue,
        leak_step,
        is_leak_significant,
        leak_lost_conversions as lost_conversions,
        leak_lost_revenue as lost_revenue,
        recommended_action as action
    from marketing.funnel_conversion_analysis
    order by funnel_efficiency_score desc nulls last, campaign_id
"""
CHANNELS = """
    select
        acquisition_channel as name,
        customer_count as customers,
        repeat_rate,
        revenue_per_customer,
        case when spend_amount <> 0 then acquisition_cost end as acquisition_cost,
        value_to_cost_ratio as value_to_cost,
        months_to_payback
    from marketing.channel_lifetime_value
    order by revenue_per_customer desc nulls last, acquisition_channel
"""
SESSIONS = """
    select
        cast(coalesce(sum(source_total), 0) as bigint),
        cast(coalesce(sum(no_campaign_total + unknown_campaign_total), 0) as bigint)
    from marketing.funnel_reconciliation
    where stage = 'sessions'
"""
CUSTOMER_SEGMENTS = """
    select
        customer_segment as name,
        count(*) as customers,
        cast(avg(total_revenue) as double) as revenue_each,
        avg(total_orders) as orders_each,
        avg(churn_risk_score) as churn_risk,
        max(marketing_action) as action
    from marketing.customer_segmentation
    group by 1
    order by sum(total_revenue) desc, 1
"""
PRODUCTS = """
    select
        product_name as name,
        total_revenue as revenue,
        revenue_share_rate as share,
        abc_category,
        product_status as status,
        return_rate,
        cross_sell_product as offer
    from marketing.product_performance
    order by revenue_rank, product_name
"""
REVENUE_LEFT_OUT = """
    select
        coalesce(sum(source_total), 0) as total,
        coalesce(sum(guest_total), 0) as guests,
        coalesce(sum(unknown_customer_total), 0) as unknown_customers,
        coalesce(sum(test_user_total), 0) as test_users
    from marketing.shop_reconciliation
    where stage = 'segmentation'
"""
REVENUE_SEGMENTS = """
    select
        cltv_segment as name,
        count(*) as customers,
        sum(net_revenue_90d) as net_revenue,
        sum(refund_amount_90d) as refunds
    from mart_marketing.mart_customer_revenue
    group by 1
    order by case cltv_segment when 'High' then 1 when 'Medium' then 2 else 3 end
"""
# The days of mart_customer_revenue: an assumed refund counts on the day of its order.
RETURNS_WITHOUT_REFUND = """
    select
        count(*) filter (status = 'returned') as returned,
        count(*) filter (status <> 'returned') as pending
    from marketing.orders
    where
        is_refund_assumed
        and buyer_type = 'customer'
        and order_date > (select max(as_of_date) from mart_marketing.mart_customer_revenue) - 90
"""
PLAYER_TIERS = """
    select
        vip_tier as name,
        count(*) as players,
        cast(avg(total_purchase_amount_usd) as double) as spent_each,
        avg(predicted_annual_ltv) as predicted_year_each,
        avg(days_since_last_activity) as inactive_days_each
    from customer.customer_ltv_scoring
    group by 1
    order by min(ltv_score) desc
"""
PROMOTIONS = """
    select promotion_category as name, count(*) as players
    from customer.customer_ltv_scoring
    group by 1
    order by 2 desc, 1
"""
PLAYER_CHANNELS = """
    select
        players.channel as name,
        players.player_count as players,
        players.high_jackpot_player_rate as high_jackpot_rate,
        times.median_days_to_first_purchase as median_days,
        case
            when times.converted_player_count + times.not_yet_converted_player_count > 0
                then times.not_yet_converted_rate
        end as not_yet_converted_rate,
        players.ad_spend_usd as ad_spend,
        spend.first_touch_purchase_return_ratio as first_touch_return,
        spend.last_touch_purchase_return_ratio as last_touch_return
    from customer.channel_high_jackpot_players as players
    left join customer.channel_first_purchase_times as times
        on players.channel = times.channel
    left join customer.channel_return_on_ad_spend as spend
        on players.channel = spend.channel
    order by players.player_count desc, players.channel
"""


def collect(connection: DuckDBPyConnection) -> Answers:
    """Read the answers of every domain that is built.

    Raises:
        MarketingAnalyticsError: no domain is built, or by another version.
    """
    try:
        answers = Answers(
            marketing=_if_built(_marketing, connection),
            shop=_if_built(_shop, connection),
            finance=_if_built(_finance, connection),
            gaming=_if_built(_gaming, connection),
        )
    except duckdb.Error as error:
        raise MarketingAnalyticsError(
            f"the marts do not answer ({str(error).splitlines()[0]}); build them again"
        ) from error
    domains = (answers.marketing, answers.shop, answers.finance, answers.gaming)
    if all(domain is None for domain in domains):
        raise MarketingAnalyticsError(
            "the marts are not built yet; run `mktg build` or `dbt build` first, "
            "with the same --target"
        )
    return answers


def _if_built(
    read: Callable[[DuckDBPyConnection], Fact], connection: DuckDBPyConnection
) -> Fact | None:
    try:
        return read(connection)
    except duckdb.CatalogException:  # a table or its schema does not exist
        return None


def _marketing(connection: DuckDBPyConnection) -> Marketing:
    table = "marketing.funnel_reconciliation"
    sessions, without_known_campaign = connection.execute(SESSIONS).fetchall()[0]
    return Marketing(
        as_of_date=_as_of_date(connection, table),
        stages=_stages(connection, table, "is_reconciled"),
        campaigns=_rows(connection, Campaign, CAMPAIGNS),
        channels=_rows(connection, Channel, CHANNELS),
        sessions=sessions,
        sessions_without_known_campaign=without_known_campaign,
    )


def _shop(connection: DuckDBPyConnection) -> Shop:
    table = "marketing.shop_reconciliation"
    return Shop(
        as_of_date=_as_of_date(connection, table),
        stages=_stages(connection, table, "unexplained_total = 0"),
        segments=_rows(connection, CustomerSegment, CUSTOMER_SEGMENTS),
        products=_rows(connection, Product, PRODUCTS),
        left_out=_rows(connection, RevenueLeftOut, REVENUE_LEFT_OUT)[0],
    )


def _finance(connection: DuckDBPyConnection) -> Finance:
    table = "mart_marketing.finance_reconciliation"
    return Finance(
        as_of_date=_as_of_date(connection, table),
        stages=_stages(connection, table, "unexplained_total = 0"),
        segments=_rows(connection, RevenueSegment, REVENUE_SEGMENTS),
        without_refund=_rows(connection, ReturnsWithoutRefund, RETURNS_WITHOUT_REFUND)[0],
    )


def _gaming(connection: DuckDBPyConnection) -> Gaming:
    table = "customer.gaming_reconciliation"
    return Gaming(
        as_of_date=_as_of_date(connection, table),
        stages=_stages(connection, table, "unexplained_total = 0"),
        tiers=_rows(connection, PlayerTier, PLAYER_TIERS),
        promotions=_rows(connection, Promotion, PROMOTIONS),
        channels=_rows(connection, PlayerChannel, PLAYER_CHANNELS),
    )


def _as_of_date(connection: DuckDBPyConnection, table: str) -> date | None:
    day: date | None = _one(connection, f"select max(as_of_date) from {table}")
    return day


def _stages(connection: DuckDBPyConnection, table: str, is_reconciled: str) -> tuple[Stage, ...]:
    query = f"""
        select stage as name, source_total, mart_total, {is_reconciled} as is_reconciled
        from {table}
        order by stage
    """
    return _rows(connection, Stage, query)


def _one(connection: DuckDBPyConnection, query: str) -> Any:
    row = connection.execute(query).fetchone()
    return row[0] if row else None


def _rows(
    connection: DuckDBPyConnection, fact: Callable[..., Fact], query: str
) -> tuple[Fact, ...]:
    """Return a fact per row; the query names its columns as the fact names its fields."""
    result = connection.execute(query)
    names = [column[0] for column in result.description or ()]
    return tuple(fact(**dict(zip(names, row, strict=True))) for row in result.fetchall())
