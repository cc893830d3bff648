"""The query that turns the people of the lottery into their visits, played or not."""

from __future__ import annotations

# One row per visit, in time order, so that the row's place is the visit's number. The steps of a
# person are the visits before the signup, the signup, the plays, and one look in after the last.
# The rows multiply before the first join, as those of the shop's orders.
VISITS = """
create table visits as
with steps as (
    select
        *,
        cast(unnest(range(
            1,
            visit_count + 1
            + if(player is null, 0, 1 + play_count)
            + if(look_in_at is null, 0, 1)
        )) as integer) as step
    from people
),
named as (
    select
        *,
        case
            when step <= visit_count then 'visit'
            when step = visit_count + 1 then 'signup'
            when step <= visit_count + 1 + play_count then 'play'
            else 'look in'
        end as kind,
        step - visit_count - 1 as turn,
        md5_number_lower(concat(getvariable('seed'), '|visit|', person, '|', step)) as timing,
        md5_number_upper(concat(getvariable('seed'), '|visit|', person, '|', step)) as way,
        md5_number_lower(concat(getvariable('seed'), '|play|', person, '|', step)) as choices,
        md5_number_upper(concat(getvariable('seed'), '|play|', person, '|', step)) as basket
    from steps
),
dated as (
    select
        named.*,
        personas.* exclude (persona),
        case
            when kind = 'signup' then signup_at
            when kind = 'look in' then look_in_at
            when kind = 'visit' and step = 1 then first_at
            when kind = 'visit' then first_at + to_seconds(
                cast(floor(slot(timing, 0) * seconds_to_signup) as integer)
            )
            when turn = 1 then first_play_at
            else moment(
                cast(first_play_at as date) + cast(
                    floor(
                        ((turn - 1) // burst) * gap
                        + if(burst = 1, slot(timing, 0) * 2 * spread * gap, 0)
                    )
                    + (turn - 1) % burst
                as integer),
                slot(timing, 1),
                slot(timing, 2)
            )
        end as started_at,
        case kind
            when 'look in' then getvariable('winback')
            when 'visit' then case
                when step = 1 or slot(way, 0) < 0.3 then campaign
                when slot(way, 0) < 0.4 then pick(getvariable('return_campaigns'), slot(way, 1))
                else 0
            end
            when 'play'
                then if(
                    slot(way, 0) < return_share,
                    pick(getvariable('return_campaigns'), slot(way, 1)),
                    0
                )
            else 0
        end as wished_campaign
    from named
    inner join personas on named.persona = personas.persona
),
kept as (
    select
        *,
        case
            when wished_campaign > 0
                and cast(started_at as date) between
                    getvariable('campaign_first_days')[wished_campaign]
                    and getvariable('campaign_last_days')[wished_campaign]
                then wished_campaign
        end as brought_by,
        kind = 'play'
            and buy_share > 0
            and (turn = 1 or slot(choices, 0) < buy_share) as has_purchase,
        kind = 'play'
            and deposit_share > 0
            and slot(choices, 1) < if(turn = 1, 0.75, deposit_share) as has_deposit
    from dated
    where is_in_period(started_at)
),
priced as (
    select
        *,
        case taste
            when 'jackpot' then pick(getvariable('jackpot_games'), slot(basket, 0))
            when 'small' then pick(getvariable('small_games'), slot(basket, 0))
            when 'favourites'
                then pick(
                    getvariable('games'),
                    (trait + 0.37 * floor(4 * power(slot(basket, 0), 2))) % 1.0
                )
            else pick(getvariable('games'), slot(basket, 0))
        end as wished_game,
        getvariable('prices')[wished_game] as price,
        -- Known visitors are logged in more often than not; whoever signs up is.
        case
            when kind = 'visit' then 'anonymous'
            when kind = 'signup' or slot(way, 2) >= 0.2 then 'known'
            when slot(way, 2) < 0.14 then 'anonymous'
            else 'logs in'
        end as visitor
    from kept
    where kind != 'look in' or brought_by is not null
)
select
    person,
    player,
    started_at,
    cast(visitor as visitor) as visitor,
    cast(case
        when kind in ('signup', 'look in') then 1
        when kind = 'visit' then 1 + cast(slot(way, 3) < 0.3 as integer)
        when visitor = 'logs in' or brought_by is not null then 2
        else cast(slot(way, 3) < 0.62 as integer) + cast(slot(way, 3) < 0.12 as integer)
    end as utinyint) as event_count,
    cast(case
        when kind = 'play' and slot(timing, 3) < 0.05 then 'nothing'
        when has_phone and kind != 'signup' and slot(timing, 3) < 0.4 then 'phone'
        else 'browser'
    end as device) as device,
    browser,
    cast(brought_by as utinyint) as brought_by,
    cast(if(has_purchase, wished_game, null) as utinyint) as game,
    cast(if(
        has_purchase,
        price * greatest(1, cast(round(spend * skewed_by(basket, 0.5) / price) as integer)),
        null
    ) as integer) as amount,
    cast(
        if(has_deposit, deposit * pick([1, 1, 1, 2, 2, 5], slot(basket, 1)), null) as integer
    ) as deposit
from priced
order by started_at, person, step
"""
