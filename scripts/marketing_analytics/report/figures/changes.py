"""What changed: the last four weeks of each campaign against the four before."""

from __future__ import annotations

from marketing_analytics.report.facts import Column, Query

PERIOD_DAYS = 28  # whole weeks: each period has every weekday as often
WEEKS_SHOWN = 26
MEASURES = (
    ("total_impressions", "impressions"),
    ("total_clicks", "clicks"),
    ("total_sessions", "sessions"),
    ("total_conversions", "conversions"),
    ("spend_amount", "spend"),
    ("revenue_amount", "revenue"),
)
_THIS = f"activity_date > as_of_date - {PERIOD_DAYS}"
_BEFORE = f"activity_date <= as_of_date - {PERIOD_DAYS}"


def _sums() -> str:
    return ",\n    ".join(
        f"coalesce(sum({column}) filter ({when}), 0) as {prefix}_{name}"
        for prefix, when in (("current", _THIS), ("previous", _BEFORE))
        for column, name in MEASURES
    )


CAMPAIGN_PERIODS = Query(
    name="campaign_periods",
    mart="marketing.campaign_funnel_daily",
    title="Campaigns: the last 28 days and the 28 before",
    sql=f"""
select
    campaign_id,
    coalesce(campaign_name, campaign_id) as campaign_name,
    channel,
    data_match not in ('no campaign', 'unknown campaign') as has_ad_data,
    {_sums()}
from marketing.campaign_funnel_daily
where activity_date > as_of_date - {2 * PERIOD_DAYS}
group by 1, 2, 3, 4
order by current_spend desc, current_revenue desc, campaign_id
""",
    columns=(
        Column(name="campaign_id", label="campaign id", is_hidden=True),
        Column(name="campaign_name", label="campaign"),
        Column(name="channel", label="channel"),
        Column(name="has_ad_data", label="has ad data", of="data_match", is_hidden=True),
        *(
            Column(
                name=f"{prefix}_{name}",
                label=f"{name}{' before' if prefix == 'previous' else ''}",
                unit="money" if column.endswith("amount") else "count",
                of=column,
                is_hidden=name in ("impressions", "clicks"),
            )
            for column, name in MEASURES
            for prefix in ("current", "previous")
        ),
    ),
    channel="channel",
    campaign="campaign_id",
)

WEEKS = Query(
    name="weeks",
    mart="marketing.campaign_funnel_daily",
    title="Spend, revenue and conversions by week",
    sql=f"""
select
    as_of_date - cast(floor((as_of_date - activity_date) / 7) as integer) * 7 as week_end,
    campaign_id,
    channel,
    sum(spend_amount) as spend,
    sum(revenue_amount) as revenue,
    sum(total_conversions) as conversions
from marketing.campaign_funnel_daily
where activity_date > as_of_date - {7 * WEEKS_SHOWN}
group by 1, 2, 3
order by 1 desc, 3, 2
""",
    columns=(
        Column(name="week_end", label="week up to", unit="day", of="activity_date"),
        Column(name="campaign_id", label="campaign id"),
        Column(name="channel", label="channel"),
        Column(name="spend", label="spend", unit="money", of="spend_amount"),
        Column(name="revenue", label="revenue", unit="money", of="revenue_amount"),
        Column(name="conversions", label="conversions", unit="count", of="total_conversions"),
    ),
    channel="channel",
    campaign="campaign_id",
)
# How far back the data go: less than two periods cannot be compared.
SPAN = Query(
    name="span",
    mart="marketing.campaign_funnel_daily",
    title="First and last day",
    sql="""
select min(activity_date) as first_day, max(as_of_date) as last_day
from marketing.campaign_funnel_daily
having count(*) > 0
""",
    columns=(
        Column(name="first_day", label="first day", unit="day", of="activity_date"),
        Column(name="last_day", label="last day", unit="day", of="as_of_date"),
    ),
)
QUERIES = (CAMPAIGN_PERIODS, WEEKS, SPAN)
