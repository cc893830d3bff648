-- What did each campaign bring for its spend, by the first and by the last touch before a payment?
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

-- Where a campaign spends in several channels nobody can tell which one brought a visit.
campaigns as (
    select campaign_name, if(min(channel) = max(channel), min(channel), 'several channels') as channel,
        sum(spend_inminor) as spend
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

-- Each touch is the last one until the next; of those at one moment the one with the greatest id.
spans as (
    select
        user_id,
        campaign,
        event_timestamp as starts_at,
        coalesce(lead(event_timestamp) over in_time, 'infinity') as ends_at,
        first_value(campaign) over in_time as first_campaign
    from touches
    window in_time as (partition by user_id order by event_timestamp, event_id)
),

payments as (
    select
        user_id,
        purchase_timestamp as paid_at,
        1 as purchases,
        purchase_amount_usd as amount,
        0 as deposits,
        0 as deposit
    from lottery_raw.ticket_purchases
    where purchase_timestamp < current_date + 1
    union all
    select
        user_id, min(deposit_timestamp), 0, 0, 1,
        arg_min(coalesce(deposit_amount_inminor, 0), (deposit_timestamp, deposit_id))
    from lottery_raw.deposits
    where deposit_timestamp < current_date + 1
    group by user_id
),

credited as (
    select
        coalesce(first_campaign, '(none)') as first_campaign,
        coalesce(campaign, '(none)') as last_campaign,
        sum(purchases) as purchases,
        sum(amount) as amount,
        sum(deposits) as deposits,
        sum(deposit) as deposit
    from payments
    semi join players on players.user_id = payments.user_id
    left join spans on spans.user_id = payments.user_id and paid_at >= starts_at and paid_at < ends_at
    group by all
),

parts as (
    select
        campaign_name, channel, spend,
        0 as first_deposits, 0 as first_deposit, 0 as first_purchases, 0 as first_amount,
        0 as last_deposits, 0 as last_deposit, 0 as last_purchases, 0 as last_amount
    from campaigns
    union all
    select first_campaign, null, 0, deposits, deposit, purchases, amount, 0, 0, 0, 0
    from credited
    union all
    select last_campaign, null, 0, 0, 0, 0, 0, deposits, deposit, purchases, amount
    from credited
),

by_campaign as (
    select
        campaign_name,
        coalesce(max(channel), if(campaign_name = '(none)', '(none)', 'unknown')) as channel,
        sum(spend)::decimal(16, 0) * 0.01::decimal(2, 2) as spend,
        sum(first_deposits)::bigint as first_deposits,
        sum(first_deposit)::decimal(16, 0) * 0.01::decimal(2, 2) as first_deposit,
        sum(first_purchases)::bigint as first_purchases,
        coalesce(sum(first_amount), 0)::decimal(18, 2) as first_amount,
        sum(last_deposits)::bigint as last_deposits,
        sum(last_deposit)::decimal(16, 0) * 0.01::decimal(2, 2) as last_deposit,
        sum(last_purchases)::bigint as last_purchases,
        coalesce(sum(last_amount), 0)::decimal(18, 2) as last_amount
    from parts
    group by campaign_name
)

select
    campaign_name,
    channel,
    spend as spend_usd,
    first_deposits as first_touch_first_deposit_count,
    first_deposit as first_touch_first_deposit_usd,
    first_purchases as first_touch_purchase_count,
    first_amount as first_touch_purchase_usd,
    first_deposit / nullif(spend, 0) as first_touch_first_deposit_return_ratio,
    first_amount / nullif(spend, 0) as first_touch_purchase_return_ratio,
    spend / nullif(first_deposits, 0) as first_touch_cost_per_first_deposit_usd,
    last_deposits as last_touch_first_deposit_count,
    last_deposit as last_touch_first_deposit_usd,
    last_purchases as last_touch_purchase_count,
    last_amount as last_touch_purchase_usd,
    last_deposit / nullif(spend, 0) as last_touch_first_deposit_return_ratio,
    last_amount / nullif(spend, 0) as last_touch_purchase_return_ratio,
    spend / nullif(last_deposits, 0) as last_touch_cost_per_first_deposit_usd,
    (select day from as_of) as as_of_date
from by_campaign
