"""The queries behind the five raw tables, each from the visits and the plan."""

from __future__ import annotations

# Clicks of every creative and day: the sessions that it brought and the arrivals that got lost.
AD_CLICKS = """
create table ad_clicks as
with sessions_by_ad as (
    select
        creative_id,
        cast(started_at as date) as day,
        count(*) as session_count
    from visits
    where creative_id is not null
    group by 1, 2
)
select
    creative_days.*,
    case
        when sessions_by_ad.session_count is null then 0
        else cast(floor(
            sessions_by_ad.session_count / sources.arrival_share
            + slot(md5_number_lower(concat(
                getvariable('seed'), '|lost|', creative_days.creative_id, '|', creative_days.day
            )), 0)
        ) as bigint)
    end as clicks
from creative_days
inner join sources on creative_days.campaign_id = sources.source
left join sessions_by_ad
    on creative_days.creative_id = cast(sessions_by_ad.creative_id as varchar)
    and creative_days.day = sessions_by_ad.day
"""

# A budget holds for a month and is rounded as a person would, to two digits.
AD_BUDGETS = """
create table ad_budgets as
with clicks_by_month as (
    select
        campaign_id,
        date_trunc('month', day) as month,
        sum(clicks) / count(distinct day) as clicks_per_day
    from ad_clicks
    group by 1, 2
),
expected as (
    select
        campaign_days.*,
        sources.cost_per_click,
        coalesce(
            nullif(clicks_by_month.clicks_per_day, 0), sources.planned_clicks
        ) as clicks_per_day,
        greatest(0.01, 1.07 * cost_per_click * clicks_per_day) as budget
    from campaign_days
    inner join sources on campaign_days.campaign_id = sources.source
    left join clicks_by_month
        on campaign_days.campaign_id = clicks_by_month.campaign_id
        and date_trunc('month', campaign_days.day) = clicks_by_month.month
)
select
    * exclude (cost_per_click, budget),
    cast(round(budget, 1 - cast(floor(log10(budget)) as integer)) as decimal(18, 2)) as daily_budget
from expected
"""

# Impressions lean half on the day's clicks and half on the month's, so that days without a click
# have some too. Campaigns and creatives are both sums of these rows.
AD_DAYS = """
create table ad_days as
with shown as (
    select
        ad_clicks.*,
        ad_budgets.daily_budget,
        greatest(clicks, cast(round(
            (0.5 * clicks + 0.5 * ad_budgets.clicks_per_day * busyness) / click_through
        ) as bigint)) as impressions
    from ad_clicks
    inner join ad_budgets
        on ad_clicks.campaign_id = ad_budgets.campaign_id
        and ad_clicks.day = ad_budgets.day
)
select
    campaign_id,
    creative_id,
    day,
    impressions,
    clicks,
    case
        when impressions = 0 then 0
        else cast(round(cast(daily_budget as double) * spend_share, 2) as decimal(18, 2))
    end as spend
from shown
"""

CAMPAIGNS_DAILY = """
with delivered as (
    select
        campaign_id,
        day,
        sum(spend) as spend,
        sum(impressions) as impressions,
        sum(clicks) as clicks
    from ad_days
    group by 1, 2
)
select
    ad_budgets.* exclude (day),
    ad_budgets.day as date,
    coalesce(delivered.spend, 0) as spend,
    coalesce(delivered.impressions, 0) as impressions,
    coalesce(delivered.clicks, 0) as clicks,
    round(delivered.clicks / nullif(delivered.impressions, 0), 6) as ctr,
    round(cast(delivered.spend as double) / nullif(delivered.clicks, 0), 4) as cpc
from ad_budgets
left join delivered
    on ad_budgets.campaign_id = delivered.campaign_id
    and ad_budgets.day = delivered.day
order by date, ad_budgets.campaign_id
"""

AD_CREATIVES = """
with delivered as (
    select
        creative_id,
        sum(impressions) as impressions,
        sum(clicks) as clicks,
        sum(spend) as spend
    from ad_days
    group by 1
)
select
    creatives.*,
    coalesce(delivered.impressions, 0) as impressions,
    coalesce(delivered.clicks, 0) as clicks,
    coalesce(delivered.spend, 0) as spend,
    round(delivered.clicks / nullif(delivered.impressions, 0), 6) as ctr
from creatives
left join delivered on creatives.creative_id = delivered.creative_id
order by creatives.creative_id
"""

SESSIONS = """
select
    padded('s_', rowid + 1) as session_id,
    cast(started_at as date) as date,
    if(is_anonymous, null, padded('u_', visitor)) as user_id,
    campaign_id,
    creative_id,
    channel,
    started_at as session_start,
    duration as session_duration_sec,
    pages as pages_viewed,
    device_type,
    country
from visits
"""

# The whole paths of the users who bought something.
ATTRIBUTION_TOUCHPOINTS = """
with buyers as (
    select distinct visitor
    from visits
    where has_purchase and not is_anonymous
),
touches as (
    select
        visits.rowid + 1 as session_number,
        visits.visitor,
        visits.campaign_id,
        visits.channel,
        visits.started_at,
        row_number() over (partition by visits.visitor order by visits.visit) as position
    from visits
    inner join buyers on visits.visitor = buyers.visitor
)
select
    padded('t_', session_number) as touchpoint_id,
    padded('s_', session_number) as session_id,
    padded('u_', visitor) as user_id,
    campaign_id,
    channel,
    position as touchpoint_position,
    started_at as timestamp
from touches
order by session_number
"""

# The platform mostly credits the session's campaign. Now and then it says nothing, credits the
# campaign that first brought the user within 30 days, or one that has been deleted since.
CONVERSIONS = """
with drawn as (
    select
        rowid + 1 as session_number,
        *,
        md5_number_lower(concat(getvariable('seed'), '|sale|', visitor, '|', visit)) as details,
        md5_number_upper(concat(getvariable('seed'), '|sale|', visitor, '|', visit)) as amounts,
        if(
            acquired_by in ('organic', 'direct', 'unknown')
            or cast(started_at as date) - first_day > 30,
            null,
            acquired_by
        ) as earlier_campaign_id
    from visits
    where has_purchase
),
sold as (
    select
        *,
        least(
            started_at + to_seconds(cast(floor(
                duration * (0.4 + 0.55 * slot(details, 0))
            ) as integer)),
            cast(getvariable('as_of') as timestamp) + interval 86399 second
        ) as sold_at
    from drawn
)
select
    padded('c_', sold.session_number) as conversion_id,
    if(slot(details, 1) < 0.012, null, padded('s_', sold.session_number)) as session_id,
    cast(sold.sold_at as date) as date,
    if(sold.is_anonymous, null, padded('u_', sold.visitor)) as user_id,
    case
        when slot(details, 2) < 0.016 then getvariable('deleted_campaign')
        when sold.campaign_id is null
            then if(slot(details, 3) < 0.6, cast(sold.earlier_campaign_id as varchar), null)
        when slot(details, 3) < 0.08 then null
        when slot(details, 3) < 0.33
            then cast(coalesce(sold.earlier_campaign_id, sold.campaign_id) as varchar)
        else cast(sold.campaign_id as varchar)
    end as attributed_campaign_id,
    'last_touch' as attribution_model,
    round(
        sources.order_value * if(sold.visit > 1, 1.05, 0.97) * skewed_by(amounts, 0.55), 2
    ) as conversion_value,
    sold.sold_at as timestamp
from sold
inner join sources on sold.acquired_by = sources.source
order by sold.sold_at, sold.session_number
"""
