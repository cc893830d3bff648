"""A small database as a build leaves it: what alerts read of marketing and the shop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketing_analytics.warehouse import connect

if TYPE_CHECKING:
    from pathlib import Path

# 70 days to 2024-06-30. The campaign "c1" spends 100 to 102 a day of its budget of 110, is paused
# for three days in May and brings 40 to 42 sessions; "(none)" has traffic on every second day.
TABLES = """
    create schema marketing;
    create schema staging;
    create table days as
    select
        cast(day as date) as day,
        cast(date_diff('day', day, timestamp '2024-06-30') as bigint) as back
    from range(timestamp '2024-04-22', timestamp '2024-07-01', interval 1 day) as every(day);
    create table staging.stg_campaigns_daily as
    select
        'c1' as campaign_id, 'Brand' as campaign_name, 'google_ads' as channel,
        case when back between 40 and 42 then 'paused' else 'active' end as status,
        cast(110 as decimal(18, 2)) as daily_budget,
        cast(case when back between 40 and 42 then 0 else 100 + back % 3 end as decimal(18, 2))
            as spend,
        cast(1000 as bigint) as impressions, cast(50 + back % 3 as bigint) as clicks,
        day as activity_date
    from days;
    create table marketing.campaign_funnel_daily as
    select
        'c1' as campaign_id, day as activity_date, 'Brand' as campaign_name,
        cast(1000 as bigint) as total_impressions, cast(50 + back % 3 as bigint) as total_clicks,
        cast(40 + back % 3 as bigint) as total_sessions,
        cast(4 + back % 3 as bigint) as total_conversions,
        cast(case when back between 40 and 42 then 0 else 100 + back % 3 end as decimal(18, 2))
            as spend_amount,
        cast(200 + back % 7 as decimal(18, 2)) as revenue_amount
    from days
    union all
    select '(none)', day, null, 0, 0, 6, 1, 0, 50 from days where back % 2 = 0;
    create table staging.stg_sessions as
    select day as session_date from days, range(43);
    create table staging.stg_conversions as
    select day as conversion_date from days, range(5);
    create table staging.stg_attribution_touchpoints as
    select day as touch_date from days, range(50);
    create table marketing.funnel_reconciliation as
    select 'spend' as stage, 7000.00 as source_total, 0.00 as unexplained_total,
        date '2024-06-30' as as_of_date;
    create table marketing.shop_reconciliation as
    select 'payments' as stage, 9000.00 as source_total, 0.00 as unexplained_total,
        date '2024-06-30' as as_of_date;
    create table marketing.orders as
    select day as order_date, cast(90 + back % 5 as decimal(18, 2)) as amount,
        item % 4 = 0 as has_promotional_payment
    from days, range(20) as items(item);
    create table staging.stg_orders as select order_date from marketing.orders;
    create table staging.stg_refunds as
    select day as refund_date, cast(10 as decimal(18, 2)) as refund_amount
    from days where back % 4 = 0;
    create table marketing.customer_segment_history as
    select 'a' || item as customer_id, day as as_of_date,
        case when item < 10 then 'Champions' else 'Lost' end as customer_segment
    from days, range(30) as items(item) where back % 7 = 0;
"""
AUDIT = """
    create schema audit;
    create table audit.builds as
    select * from (values
        ('old', timestamp '2024-07-01 08:00:00', 'build', 9, 9, 9),
        ('last', timestamp '2024-07-02 08:00:00', 'build', 2, 1, 3),
        ('docs', timestamp '2024-07-03 08:00:00', 'run', 0, 0, 0)
    ) as rows(invocation_id, started_at, command, failed_count, error_count, warned_count);
"""


def built(folder: Path, *more: str) -> Path:
    """Write sample.duckdb into a folder, changed by more SQL."""
    path = folder / "sample.duckdb"
    connection = connect(path)
    for statement in (TABLES, *more):
        connection.execute(statement)
    connection.close()
    return path
