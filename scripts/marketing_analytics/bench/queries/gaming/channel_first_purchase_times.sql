-- How long do players of each channel take from the first touch to the first purchase, and who has not bought yet?
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
    select distinct user_id
    from lottery_raw.signups
    where signup_timestamp < current_date + 1
),

purchased as (
    select user_id, min(purchase_timestamp) as bought_at
    from lottery_raw.ticket_purchases
    where user_id is not null and purchase_timestamp < current_date + 1
    group by user_id
),

-- Where a campaign spends in several channels nobody can tell which one brought a visit.
campaigns as (
    select campaign_name, if(min(channel) = max(channel), min(channel), 'several channels') as channel
    from lottery_raw.funnel_spend
    where date <= current_date
    group by campaign_name
),

visits as (
    select
        event_id,
        user_id,
        anonymous_user_id,
        utm_campaign,
        utm_campaign <> '(none)' as is_touch,
        event_timestamp
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

-- A touch is an event with a campaign, of a player or of the visitor who turned out to be one.
touches as (
    select user_id, utm_campaign as campaign, event_timestamp, event_id
    from visits
    where user_id is not null and is_touch
    union all
    select turns.user_id, utm_campaign, event_timestamp, event_id
    from visits
    inner join turns
        on
            turns.anonymous_user_id = visits.anonymous_user_id
            and event_timestamp > after and event_timestamp <= until
    where visits.user_id is null and is_touch
),

touched as (
    select user_id, arg_min((campaign, event_timestamp), (event_timestamp, event_id)) as first_touch
    from touches
    group by user_id
),

journeys as (
    select
        if(first_touch is null, '(none)', coalesce(channel, 'unknown')) as channel,
        first_touch is null as is_untouched,
        first_touch is not null and bought_at is null as is_waiting,
        bought_at < first_touch[2] as is_before,
        if(bought_at >= first_touch[2], bought_at::date - first_touch[2]::date, null) as days,
        if(is_waiting, (select day from as_of) - first_touch[2]::date, null) as waiting
    from players
    left join purchased using (user_id)
    left join touched using (user_id)
    left join campaigns on campaign_name = first_touch[1]
)

select
    channel,
    count(*) as player_count,
    count(days) as converted_player_count,
    count(*) filter (is_waiting) as not_yet_converted_player_count,
    count(*) filter (is_before) as purchased_before_player_count,
    count(*) filter (is_untouched) as untouched_player_count,
    coalesce(count(*) filter (is_waiting) / nullif(count(days) + count(*) filter (is_waiting), 0), 0)
        as not_yet_converted_rate,
    sum(days) / nullif(count(days), 0) as avg_days_to_first_purchase,
    quantile_disc(days, 0.5) as median_days_to_first_purchase,
    quantile_disc(days, 0.9) as p90_days_to_first_purchase,
    coalesce(count(*) filter (days <= 0) / nullif(count(days) + count(*) filter (is_waiting), 0), 0)
        as converted_same_day_rate,
    coalesce(count(*) filter (days <= 7) / nullif(count(days) + count(*) filter (is_waiting), 0), 0)
        as converted_7d_rate,
    coalesce(count(*) filter (days <= 30) / nullif(count(days) + count(*) filter (is_waiting), 0), 0)
        as converted_30d_rate,
    sum(waiting) / nullif(count(*) filter (is_waiting), 0) as avg_days_waiting,
    (select day from as_of) as as_of_date
from journeys
group by channel
