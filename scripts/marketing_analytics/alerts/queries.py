"""The one relation that is judged, made from the marts: a row per series, metric and day.

Columns: name, label, metric, kind, source, day, value, base, is_dense; `$day` is the last day.
"""

from __future__ import annotations

# Days of a campaign's past that are read: three times what is compared.
READ_DAYS = 168

# A day in a state in which the campaign never spent is one on which it did not run: platforms have
# many words for that.
CAMPAIGN_DAYS = """
    with ad_days as (
        select
            campaign_id, activity_date, daily_budget,
            max(spend) over (partition by campaign_id, status) > 0 as is_running
        from staging.stg_campaigns_daily
        where activity_date <= $day
    ),
    advertised as (
        select distinct campaign_id from ad_days
    ),
    days as (
        select
            funnel.*,
            case
                when funnel.campaign_id = '(none)' then 'traffic without a campaign'
                else coalesce(funnel.campaign_name, funnel.campaign_id)
            end as label,
            ad_days.daily_budget,
            advertised.campaign_id is null as is_dense
        from marketing.campaign_funnel_daily as funnel
        left join ad_days using (campaign_id, activity_date)
        left join advertised using (campaign_id)
        where funnel.activity_date between $day - $read_days and $day
            and (advertised.campaign_id is null or ad_days.is_running)
    ),
    measured as (
        select *, unnest([
            {'metric': 'spend', 'kind': 'amount', 'source': 'campaigns_daily',
             'value': cast(spend_amount as double), 'base': cast(daily_budget as double)},
            {'metric': 'clicks', 'kind': 'count', 'source': 'campaigns_daily',
             'value': cast(total_clicks as double), 'base': null},
            {'metric': 'sessions', 'kind': 'count', 'source': 'sessions',
             'value': cast(total_sessions as double), 'base': null},
            {'metric': 'conversions', 'kind': 'count', 'source': 'conversions',
             'value': cast(total_conversions as double), 'base': null},
            {'metric': 'revenue', 'kind': 'amount', 'source': 'conversions',
             'value': cast(revenue_amount as double), 'base': null},
            {'metric': 'click_through_rate', 'kind': 'rate', 'source': 'campaigns_daily',
             'value': cast(total_clicks as double), 'base': cast(total_impressions as double)},
            {'metric': 'click_to_session_rate', 'kind': 'rate', 'source': 'sessions',
             'value': cast(total_sessions as double), 'base': cast(total_clicks as double)},
            {'metric': 'session_to_conversion_rate', 'kind': 'rate', 'source': 'conversions',
             'value': cast(total_conversions as double), 'base': cast(total_sessions as double)}
        ], recursive := true)
        from days
    )
    select
        campaign_id as name, label, metric, kind, source, activity_date as day, value, base,
        is_dense
    from measured
    where not is_dense or source <> 'campaigns_daily' and metric <> 'click_to_session_rate'
"""
SHOP_DAYS = """
    select
        '(total)' as name, '(total)' as label, metric, kind, source, day, value, base,
        true as is_dense
    from (
        select order_date as day, unnest([
            {'metric': 'orders', 'kind': 'count', 'source': 'orders',
             'value': cast(count(*) as double), 'base': null},
            {'metric': 'revenue', 'kind': 'amount', 'source': 'orders',
             'value': cast(sum(amount) as double), 'base': null},
            {'metric': 'promotional_order_rate', 'kind': 'rate', 'source': 'orders',
             'value': cast(count_if(has_promotional_payment) as double),
             'base': cast(count(*) as double)}
        ], recursive := true)
        from marketing.orders
        where order_date between $day - $read_days and $day
        group by order_date
        union all
        select refund_date as day, unnest([
            {'metric': 'refunds', 'kind': 'count', 'source': 'refunds',
             'value': cast(count(*) as double), 'base': null},
            {'metric': 'refund_amount', 'kind': 'amount', 'source': 'refunds',
             'value': cast(sum(refund_amount) as double), 'base': null}
        ], recursive := true)
        from staging.stg_refunds
        where refund_date between $day - $read_days and $day
        group by refund_date
    )
"""
GAMING_DAYS = """
    with counted as (
        select 'signups' as metric, 'signups' as source, signup_date as day,
            count(*) as events, null as amount
        from staging.stg_signups group by all
        union all
        select 'ticket_purchases', 'ticket_purchases', purchase_date,
            count(*), sum(purchase_amount_usd)
        from staging.stg_ticket_purchases group by all
        union all
        select 'deposits', 'deposits', deposit_date, count(*), sum(deposit_amount_minor) / 100
        from staging.stg_deposits group by all
        union all
        select 'visits', 'web_events', event_date, count(*), null
        from staging.stg_web_events group by all
    )
    select
        '(total)' as name, '(total)' as label, metric, 'count' as kind, source, day,
        cast(events as double) as value, cast(null as double) as base, true as is_dense
    from counted
    where day between $day - $read_days and $day
    union all
    select
        '(total)', '(total)',
        case metric when 'deposits' then 'deposit_amount' else 'revenue' end, 'amount', source, day,
        cast(amount as double), null, true
    from counted
    where amount is not null and day between $day - $read_days and $day
    union all
    select
        campaign_name, campaign_name, 'spend', 'amount', 'funnel_spend', spend_date,
        cast(sum(spend_usd) as double), null, false
    from staging.stg_funnel_spend
    where spend_date between $day - $read_days and $day
    group by all
"""
# Every segment on every day that was built: none of it is 0.
SIZES = """
    with sizes as (
        select {segment} as name, as_of_date as day, count(*) as members
        from {table} where as_of_date <= $day group by all
    )
    select
        names.name, names.name as label, '{metric}' as metric, 'size' as kind,
        '{table}' as source, days.day, cast(coalesce(sizes.members, 0) as double) as value,
        cast(null as double) as base, false as is_dense
    from (select distinct name from sizes where name is not null) as names
    cross join (select distinct day from sizes) as days
    left join sizes on sizes.name = names.name and sizes.day = days.day
"""
SERIES = {
    "marketing": (CAMPAIGN_DAYS,),
    "shop": (
        SHOP_DAYS,
        SIZES.format(
            segment="customer_segment",
            table="marketing.customer_segment_history",
            metric="customers",
        ),
    ),
    "finance": (
        SIZES.format(
            segment="cltv_segment",
            table="mart_marketing.customer_revenue_segment_history",
            metric="customers",
        ),
    ),
    "gaming": (
        GAMING_DAYS,
        SIZES.format(segment="vip_tier", table="customer.player_tier_history", metric="players"),
    ),
}
SOURCES = {
    "marketing": {
        "campaigns_daily": ("staging.stg_campaigns_daily", "activity_date"),
        "sessions": ("staging.stg_sessions", "session_date"),
        "conversions": ("staging.stg_conversions", "conversion_date"),
        "attribution_touchpoints": ("staging.stg_attribution_touchpoints", "touch_date"),
    },
    "shop": {
        "orders": ("staging.stg_orders", "order_date"),
        "refunds": ("staging.stg_refunds", "refund_date"),
    },
    "gaming": {
        "signups": ("staging.stg_signups", "signup_date"),
        "ticket_purchases": ("staging.stg_ticket_purchases", "purchase_date"),
        "deposits": ("staging.stg_deposits", "deposit_date"),
        "web_events": ("staging.stg_web_events", "event_date"),
        "funnel_spend": ("staging.stg_funnel_spend", "spend_date"),
    },
}
BUDGETS = """
    select
        campaign_id as campaign, coalesce(campaign_name, campaign_id) as label,
        activity_date as day, cast(daily_budget as double) as budget,
        cast(spend as double) as spend
    from (
        select *, max(spend) over (partition by campaign_id, status) > 0 as is_running
        from staging.stg_campaigns_daily
        where activity_date <= $day
    )
    where is_running and daily_budget is not null and activity_date > $day - 62
    order by campaign_id, activity_date
"""
