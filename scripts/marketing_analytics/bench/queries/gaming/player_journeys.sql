-- Which campaigns brought each player, first and before the first purchase, and how long did it take?
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
    select user_id, min(signup_timestamp) as signup_at
    from lottery_raw.signups
    where signup_timestamp < current_date + 1
    group by user_id
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
    select
        user_id,
        count(*) as touches,
        arg_min((campaign, event_timestamp), (event_timestamp, event_id)) as first_touch,
        arg_max(campaign, (event_timestamp, event_id)) filter (event_timestamp <= bought_at) as last_campaign
    from touches
    left join purchased using (user_id)
    group by user_id
),

joined as (
    select
        *,
        first_touch[2] as first_at,
        first_touch[1] as first_campaign,
        case
            when first_touch is null then 'no marketing touch'
            when bought_at is null then 'not yet converted'
            when bought_at < first_touch[2] then 'purchased before the touch'
            else 'converted'
        end as outcome
    from players
    left join purchased using (user_id)
    left join touched using (user_id)
)

select
    user_id,
    signup_at::date as signup_date,
    coalesce(touches, 0) as touch_count,
    first_at as first_touch_timestamp,
    coalesce(first_campaign, '(none)') as first_campaign_name,
    if(first_campaign is null, '(none)', coalesce(first_campaigns.channel, 'unknown')) as first_channel,
    coalesce(first_at <= signup_at, false) as is_touched_before_signup,
    bought_at as first_purchase_timestamp,
    coalesce(last_campaign, '(none)') as last_campaign_name,
    if(last_campaign is null, '(none)', coalesce(last_campaigns.channel, 'unknown')) as last_channel,
    outcome as journey_outcome,
    if(outcome = 'converted', bought_at::date - first_at::date, null) as touch_to_purchase_days,
    if(outcome = 'not yet converted', (select day from as_of) - first_at::date, null) as waiting_days,
    (select day from as_of) as as_of_date
from joined
left join campaigns as first_campaigns on first_campaigns.campaign_name = first_campaign
left join campaigns as last_campaigns on last_campaigns.campaign_name = last_campaign
