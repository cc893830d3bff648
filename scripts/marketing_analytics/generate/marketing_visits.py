"""The queries that turn the plan of marketing_raw into visits and then into the raw tables.

`slot` and `pick` are macros of draws.py; each MD5 number gives four independent shares.
"""

from __future__ import annotations

# Every visitor is drawn once: who they are, when they buy, how often they come back. A buyer buys
# on visit `first_purchase` and on every second one after it; the others only look around. In the
# order of days the visits are nearly sorted already, which saves a third of the time.
VISITORS = """
create table visitors as
with numbered as (
    select
        arrivals.source,
        arrivals.day,
        arrivals.first_number + unnest(range(arrivals.visitor_count)) as visitor
    from arrivals
    order by arrivals.first_number
),
drawn as (
    select
        *,
        md5_number_lower(concat(getvariable('seed'), '|person|', visitor)) as habits,
        md5_number_upper(concat(getvariable('seed'), '|person|', visitor)) as traits
    from numbered
),
described as (
    select
        drawn.*,
        sources.repeat_share,
        sources.browse_share,
        slot(habits, 0) < 0.13 as is_anonymous,
        slot(habits, 1) < sources.buyer_share as is_buyer,
        case
            when slot(habits, 0) < 0.13 or slot(habits, 2) < 0.55 then 1
            when slot(habits, 2) < 0.83 then 2
            else 3
        end as first_purchase,
        1 + 24 * power(slot(traits, 0), 2) as days_between,
        case
            when slot(traits, 1) < sources.mobile_share then 'mobile'
            when slot(traits, 1) < 1 - 0.12 * (1 - sources.mobile_share) then 'desktop'
            else 'tablet'
        end as device_type,
        pick(getvariable('countries'), slot(traits, 2)) as country
    from drawn
    inner join sources on drawn.source = sources.source
)
select
    visitor,
    day,
    source,
    is_anonymous,
    -- Hardly anybody buys without an account.
    is_buyer and (not is_anonymous or slot(habits, 3) < 0.25) as is_buyer,
    first_purchase,
    cast(slot(habits, 3) < repeat_share as integer)
        + cast(slot(habits, 3) < power(repeat_share, 2) as integer)
        + cast(slot(habits, 3) < power(repeat_share, 3) as integer)
        + cast(slot(habits, 3) < power(repeat_share, 4) as integer) as repeat_count,
    cast(slot(traits, 3) < browse_share as integer)
        + cast(slot(traits, 3) < power(browse_share, 2) as integer)
        + cast(slot(traits, 3) < power(browse_share, 3) as integer) as browse_count,
    days_between,
    device_type,
    country
from described
"""

# One row per session, in time order, so that the row's place is the session's number. A visit that
# would come after the last generated day finds no day to join and falls away.
VISITS = """
create table visits as
with steps as (
    select
        *,
        unnest(range(
            1,
            case
                when is_anonymous then 1
                when is_buyer then first_purchase + 2 * repeat_count
                else 1
            end
            + case when is_anonymous then 0 else browse_count end
            + 1
        )) as visit
    from visitors
),
drawn as (
    select
        *,
        md5_number_lower(concat(getvariable('seed'), '|visit|', visitor, '|', visit)) as choices,
        md5_number_upper(concat(getvariable('seed'), '|visit|', visitor, '|', visit)) as details
    from steps
),
dated as (
    select
        * exclude (day, source),
        day as first_day,
        source as acquired_by,
        case
            when visit = 1 then day
            else day + cast(floor(
                (visit - 1) * days_between + slot(choices, 0) * (days_between - 1)
            ) as integer)
        end as day
    from drawn
),
kept as (
    select dated.*
    from dated
    inner join days on dated.day = days.day
    where dated.visit = 1 or slot(dated.choices, 1) < days.keep_share
),
sourced as (
    select kept.*, kept.acquired_by as source
    from kept
    where kept.visit = 1
    union all
    select kept.*, returns.source
    from kept
    inner join returns
        on kept.day = returns.day
        and slot(kept.choices, 2) >= returns.from_share
        and slot(kept.choices, 2) < returns.to_share
    where kept.visit > 1
),
measured as (
    select
        sourced.*,
        sources.channel,
        creative_days.campaign_id,
        creative_days.creative_id,
        coalesce(
            is_buyer
            and visit >= first_purchase
            and (visit - first_purchase) % 2 = 0
            and visit <= first_purchase + 2 * repeat_count,
            false
        ) as has_purchase,
        pick(getvariable('hours'), slot(details, 0)) * 3600
            + cast(floor(slot(details, 1) * 3600) as integer) as second_of_day,
        case
            when has_purchase then 240 + floor(1500 * power(slot(details, 3), 2))
            when slot(details, 2) < sources.bounce_share then 2 + floor(58 * slot(details, 3))
            when slot(details, 2) < 0.4 + 0.6 * sources.bounce_share
                then 60 + floor(240 * slot(details, 3))
            else 300 + floor(1200 * power(slot(details, 3), 2))
        end as duration
    from sourced
    inner join sources on sourced.source = sources.source
    left join creative_days
        on sourced.source = creative_days.campaign_id
        and sourced.day = creative_days.day
        and slot(sourced.choices, 3) >= creative_days.from_share
        and slot(sourced.choices, 3) < creative_days.to_share
)
select
    visitor,
    cast(visit as utinyint) as visit,
    is_anonymous,
    first_day,
    cast(acquired_by as source_id) as acquired_by,
    cast(campaign_id as source_id) as campaign_id,
    cast(creative_id as creative_id) as creative_id,
    channel,
    cast(day as timestamp) + to_seconds(second_of_day) as started_at,
    cast(duration as integer) as duration,
    cast(
        1 + cast(has_purchase as integer) * 3 + floor(duration / (70 + 110 * slot(choices, 3)))
        as integer
    ) as pages,
    device_type,
    country,
    has_purchase
from measured
order by started_at, visitor, visit
"""
