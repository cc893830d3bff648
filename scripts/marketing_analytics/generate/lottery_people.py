"""The query that turns the plan of the lottery into people.

`slot` and `pick` are macros of draws.py; each MD5 number gives four independent shares.
"""

from __future__ import annotations

# Everybody is drawn once: when they sign up, how often they play, which devices they use. The
# first visit opens a time of visits that ends with the signup, or fades away. A player is whoever
# has signed up in time for the first quarter of an hour to lie within the period.
PEOPLE = """
create table people as
with numbered as (
    select
        arrivals.persona,
        arrivals.campaign,
        arrivals.day,
        arrivals.first_number + unnest(range(arrivals.person_count)) as person
    from arrivals
    order by arrivals.first_number
),
drawn as (
    select
        *,
        md5_number_lower(concat(getvariable('seed'), '|person|', person)) as habits,
        md5_number_upper(concat(getvariable('seed'), '|person|', person)) as traits,
        md5_number_lower(concat(getvariable('seed'), '|account|', person)) as account,
        md5_number_upper(concat(getvariable('seed'), '|account|', person)) as ways
    from numbered
),
arrived as (
    select
        drawn.*,
        personas.signs_up = 1 as signs_up,
        personas.first_play_days,
        personas.active_days * (0.5 + slot(habits, 2)) as wished_active_days,
        personas.most_plays,
        personas.burst,
        personas.gap_days * (1 - personas.spread + 2 * personas.spread * slot(habits, 1)) as gap,
        moment(day, slot(account, 0), slot(account, 1)) as first_at,
        -- A third sign up at once, most within three days, the others within three weeks.
        cast(floor(case
            when slot(habits, 0) < 0.3 then 120 + 8000 * slot(habits, 0)
            when slot(habits, 0) < 0.75 then 3600 + 570000 * (slot(habits, 0) - 0.3)
            else 260000 + 6000000 * (slot(habits, 0) - 0.75)
        end) as integer) as seconds_to_signup
    from drawn
    inner join personas on drawn.persona = personas.persona
),
joined as (
    select
        *,
        if(signs_up, first_at + to_seconds(seconds_to_signup), null) as signup_at,
        coalesce(is_in_period(signup_at), false) as is_player,
        case
            when signs_up and seconds_to_signup < 3600 then 1
            else 1 + cast(floor(3.2 * power(slot(traits, 1), 2)) as integer)
        end as visit_count
    from arrived
),
played as (
    select
        *,
        signup_at + to_seconds(
            cast(180 + floor(86400 * first_play_days * power(slot(habits, 3), 2)) as integer)
        ) as first_play_at,
        least(
            wished_active_days,
            greatest(0, date_diff('day', cast(first_play_at as date), getvariable('as_of')))
        ) as active_days
    from joined
),
known as (
    select
        *,
        if(
            is_player, row_number() over (partition by is_player order by signup_at, person), null
        ) as player,
        lag(person) over (partition by is_player order by signup_at, person) as neighbour
    from played
)
select
    cast(person as integer) as person,
    cast(player as integer) as player,
    cast(persona as utinyint) as persona,
    cast(campaign as utinyint) as campaign,
    first_at,
    signup_at,
    first_play_at,
    seconds_to_signup,
    gap,
    visit_count,
    cast(
        if(is_player, least(most_plays, burst * (1 + floor(active_days / gap))), 0) as integer
    ) as play_count,
    -- Some of those who have stopped get a mail and look in once more.
    case
        when is_player and slot(account, 2) < 0.2
            then moment(
                cast(first_play_at as date)
                + cast(floor(wished_active_days + 60 + 60 * slot(account, 3)) as integer),
                slot(ways, 0),
                slot(ways, 1)
            )
    end as look_in_at,
    -- A few play on a device on which somebody else has signed up just before.
    cast(if(is_player and slot(ways, 2) < 0.04, coalesce(neighbour, person), person) as integer)
        as browser,
    slot(traits, 3) < 0.3 as has_phone,
    is_player and slot(ways, 3) < 0.012 as signs_up_twice,
    slot(traits, 0) as country,
    slot(traits, 2) as trait
from known
order by person
"""
