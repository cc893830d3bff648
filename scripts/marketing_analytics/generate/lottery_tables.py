"""The queries behind the six raw tables of the lottery, each from its people and visits."""

from __future__ import annotations

# Some sign up again, days or weeks later, and stay the same player.
SIGNUPS = """
with drawn as (
    select
        *,
        md5_number_lower(concat(getvariable('seed'), '|again|', person)) as again,
        unnest(range(1, if(signs_up_twice, 3, 2))) as part
    from people
    where player is not null
),
timed as (
    select
        player,
        if(
            part = 1,
            signup_at,
            signup_at + to_seconds(cast(floor(86400 * (1 + 40 * slot(again, 0))) as integer))
        ) as signed_up_at,
        pick(getvariable('countries'), country) as country
    from drawn
),
numbered as (
    select
        *,
        row_number() over (order by signed_up_at, player) as signup_number
    from timed
    where is_in_period(signed_up_at)
)
select
    padded('u_', player) as user_id,
    padded('s_', signup_number) as signup_id,
    signed_up_at as signup_timestamp,
    nullif(country, '') as country
from numbered
order by signup_number
"""

# Whoever deposits does so on the way to the tickets.
DEPOSITS = """
select
    padded('d_', rowid + 1) as deposit_id,
    padded('u_', player) as user_id,
    deposit as deposit_amount_inminor,
    started_at + to_seconds(60) as deposit_timestamp
from visits
where deposit is not null
"""

TICKET_PURCHASES = """
select
    padded('p_', rowid + 1) as purchase_id,
    padded('u_', player) as user_id,
    getvariable('game_ids')[game] as game_id,
    cast(amount as decimal(18, 2)) / 100 as purchase_amount_usd,
    started_at + to_seconds(180) as purchase_timestamp
from visits
where amount is not null
"""

GAMES = """
select game_id, game_name, jackpot_estimate_inminor
from games
order by game
"""

# The campaign is on the first event of a visit. An app without cookies knows the player alone.
WEB_EVENTS = """
with events as (
    select
        rowid + 1 as visit_number,
        *,
        unnest(range(1, event_count + 1)) as part
    from visits
    where event_count > 0
)
select
    concat(padded('e_', visit_number), '_', part) as event_id,
    if(
        visitor = 'known' or (visitor = 'logs in' and part = 2), padded('u_', player), null
    ) as user_id,
    case
        when device = 'nothing' and visitor = 'known' then null
        when device = 'phone' then padded('m_', person)
        else padded('b_', browser)
    end as anonymous_user_id,
    if(part = 1, getvariable('campaigns')[brought_by], null) as utm_campaign,
    started_at + to_seconds((part - 1) * 45) as event_timestamp
from events
"""

FUNNEL_SPEND = """
select *
from spend
order by date, campaign_name, channel
"""
