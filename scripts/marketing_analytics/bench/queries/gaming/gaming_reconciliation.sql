-- Can I trust the totals? How much of signups, payments, events and spend does no mart show, and why?
-- The latest day with an event, never later than today: what happened by today is all that is known.
with as_of as (
    select least(
        greatest(
            (select max(signup_timestamp) from lottery_raw.signups)::date,
            (select max(deposit_timestamp) from lottery_raw.deposits)::date,
            (select max(purchase_timestamp) from lottery_raw.ticket_purchases)::date,
            (select max(event_timestamp) from lottery_raw.web_events)::date,
            (select max(date) from lottery_raw.funnel_spend)
        ),
        current_date
    ) as day
),

players as (
    select user_id, count(*) as signups
    from lottery_raw.signups
    where signup_timestamp < current_date + 1
    group by user_id
),

visits as (
    select event_id, user_id, anonymous_user_id, event_timestamp
    from lottery_raw.web_events
    where event_timestamp < current_date + 1
),

-- A browser that several players used belongs to each up to the last event before another one's.
browsers as (
    select anonymous_user_id, min(user_id) as user_id, min(user_id) <> max(user_id) as is_shared
    from visits
    where user_id is not null and anonymous_user_id is not null
    group by anonymous_user_id
),

shared as (
    select
        visits.anonymous_user_id,
        visits.user_id,
        event_timestamp,
        event_id,
        lead(visits.user_id) over (
            partition by visits.anonymous_user_id order by event_timestamp, event_id
        ) as next_user_id
    from visits
    semi join (select * from browsers where is_shared) as several
        on several.anonymous_user_id = visits.anonymous_user_id
    where user_id is not null
),

turns as (
    select anonymous_user_id, user_id, '-infinity'::timestamp as after, 'infinity'::timestamp as until
    from browsers
    where not is_shared
    union all
    select
        anonymous_user_id,
        user_id,
        coalesce(
            lag(event_timestamp) over (partition by anonymous_user_id order by event_timestamp, event_id),
            '-infinity'
        ),
        if(next_user_id is null, 'infinity', event_timestamp)
    from shared
    where next_user_id is null or next_user_id <> user_id
),

signed as (
    select
        count(*) as source,
        count(*) filter (signup_timestamp >= current_date + 1) as late,
        count(*) filter (signup_timestamp < current_date + 1) - (select count(*) from players) as repeated
    from lottery_raw.signups
),

-- Of each user, the first deposit is that of all times: it may be one that nobody knows yet.
deposited as (
    select
        coalesce(sum(source), 0) as source,
        coalesce(sum(late), 0) as late,
        coalesce(sum(source - late) filter (players.user_id is null), 0) as unknown,
        coalesce(sum(first_amount) filter (by_user.user_id is not null), 0) as first_source,
        coalesce(sum(first_amount) filter (by_user.user_id is not null and first_at >= current_date + 1), 0)
            as first_late,
        coalesce(sum(first_amount) filter (
            by_user.user_id is not null and first_at < current_date + 1 and players.user_id is null
        ), 0) as first_unknown
    from (
        select
            user_id,
            coalesce(sum(deposit_amount_inminor), 0) as source,
            coalesce(sum(deposit_amount_inminor) filter (
                deposit_timestamp >= current_date + 1
            ), 0) as late,
            min(deposit_timestamp) as first_at,
            arg_min(coalesce(deposit_amount_inminor, 0), (deposit_timestamp, deposit_id)) as first_amount
        from lottery_raw.deposits
        group by user_id
    ) as by_user
    left join players using (user_id)
),

purchased as (
    select
        coalesce(sum(source), 0) as source,
        coalesce(sum(late), 0) as late,
        coalesce(sum(source - late) filter (players.user_id is null), 0) as unknown
    from (
        select
            user_id,
            coalesce(sum(purchase_amount_usd), 0) as source,
            coalesce(sum(purchase_amount_usd) filter (
                purchase_timestamp >= current_date + 1
            ), 0) as late
        from lottery_raw.ticket_purchases
        group by user_id
    )
    left join players using (user_id)
),

identified as (
    select
        count(*) as events,
        count(*) filter (players.user_id is null) as unknown
    from visits
    left join players using (user_id)
    where visits.user_id is not null
),

stitched as (
    select
        count(*) as events,
        count(*) filter (turns.user_id is null) as anonymous,
        count(*) filter (turns.user_id is not null and players.user_id is null) as unknown
    from visits
    left join turns
        on
            turns.anonymous_user_id = visits.anonymous_user_id
            and event_timestamp > after and event_timestamp <= until
    left join players on players.user_id = turns.user_id
    where visits.user_id is null
),

spent as (
    select
        coalesce(sum(spend_inminor), 0) as source,
        coalesce(sum(spend_inminor) filter (date > current_date), 0) as late
    from lottery_raw.funnel_spend
),

sources as (
    select 'players' as source_stage, source, late, 0 as unknown, 0 as anonymous, repeated
    from signed
    union all
    select 'deposits', source / 100, late / 100, unknown / 100, 0, 0
    from deposited
    union all
    select 'first deposits', first_source / 100, first_late / 100, first_unknown / 100, 0, 0
    from deposited
    union all
    select 'purchases', source, late, unknown, 0, 0
    from purchased
    union all
    select
        'web events', (select count(*) from lottery_raw.web_events),
        (select count(*) from lottery_raw.web_events) - identified.events - stitched.events,
        identified.unknown + stitched.unknown, anonymous, 0
    from identified, stitched
    union all
    select 'ad spend', source / 100, late / 100, 0, 0, 0
    from spent
)

select
    stage,
    source::decimal(18, 2) as source_total,
    (source - late - unknown - anonymous - repeated)::decimal(18, 2) as mart_total,
    late::decimal(18, 2) as after_as_of_date_total,
    unknown::decimal(18, 2) as unknown_player_total,
    anonymous::decimal(18, 2) as anonymous_visitor_total,
    repeated::decimal(18, 2) as repeated_signup_total,
    -- What is shown is the rest here: nothing is left over.
    0::decimal(18, 2) as unexplained_total,
    (select day from as_of) as as_of_date
from sources
inner join (
    values
        ('players', 'players'), ('scores', 'players'), ('journeys', 'players'),
        ('first purchase times', 'players'), ('high-jackpot players', 'players'), ('value tiers', 'players'),
        ('deposits', 'deposits'), ('purchases', 'purchases'), ('web events', 'web events'),
        ('ad spend', 'ad spend'), ('ad spend by channel', 'ad spend'),
        ('first touch purchases', 'purchases'), ('last touch purchases', 'purchases'),
        ('first touch deposits', 'first deposits'), ('last touch deposits', 'first deposits')
) as stages (stage, source_stage) using (source_stage)
