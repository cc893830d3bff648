-- Who is each player: signup, deposits, purchases, games and web events, visits before the login included?
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
    select user_id, arg_min((country, signup_timestamp), (signup_timestamp, signup_id)) as signup
    from lottery_raw.signups
    where signup_timestamp < current_date + 1
    group by user_id
),

deposited as (
    select
        user_id,
        count(*) as deposits,
        coalesce(sum(deposit_amount_inminor), 0)::bigint as amount,
        min(deposit_timestamp) as first_at,
        max(deposit_timestamp) as last_at,
        arg_min(coalesce(deposit_amount_inminor, 0), (deposit_timestamp, deposit_id)) as first_amount
    from lottery_raw.deposits
    where user_id is not null and deposit_timestamp < current_date + 1
    group by user_id
),

by_game as (
    select
        user_id,
        game_id,
        count(*) as purchases,
        coalesce(sum(purchase_amount_usd), 0) as amount,
        min(purchase_timestamp) as first_at,
        max(purchase_timestamp) as last_at
    from lottery_raw.ticket_purchases
    where user_id is not null and purchase_timestamp < current_date + 1
    group by all
),

purchased as (
    select
        user_id,
        sum(purchases)::bigint as purchases,
        sum(amount)::decimal(18, 2) as amount,
        min(first_at) as first_at,
        max(last_at) as last_at,
        count(game_id) as games,
        count(jackpots.id) as jackpot_games,
        coalesce(sum(amount) filter (jackpots.id is not null), 0)::decimal(18, 2) as jackpot_amount
    from by_game
    left join (
        select game_id as id from lottery_raw.games where jackpot_estimate_inminor >= 1000000
    ) as jackpots on jackpots.id = game_id
    group by user_id
),

visits as (
    select event_id, user_id, anonymous_user_id, nullif(utm_campaign, '(none)') as campaign, event_timestamp
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

known_visits as (
    select user_id, campaign, event_timestamp, false as is_anonymous
    from visits
    where user_id is not null
    union all
    select turns.user_id, campaign, event_timestamp, true
    from visits
    inner join turns
        on
            turns.anonymous_user_id = visits.anonymous_user_id
            and event_timestamp > after and event_timestamp <= until
    where visits.user_id is null
),

visited as (
    select
        user_id,
        sum(visits)::bigint as visits,
        sum(anonymous)::bigint as anonymous,
        min(first_at) as first_at,
        max(last_at) as last_at,
        count(campaign) as campaigns
    from (
        select
            user_id,
            campaign,
            count(*) as visits,
            count(*) filter (is_anonymous) as anonymous,
            min(event_timestamp) as first_at,
            max(event_timestamp) as last_at
        from known_visits
        group by user_id, campaign
    )
    group by user_id
)

select
    players.user_id,
    signup[1] as country,
    signup[2] as signup_timestamp,
    signup[2]::date as signup_date,
    coalesce(deposits, 0) as total_deposits,
    coalesce(deposited.amount, 0) as total_deposit_amount_minor,
    deposited.first_at as first_deposit_timestamp,
    deposited.last_at as last_deposit_timestamp,
    coalesce(deposited.amount / deposits, 0) as avg_deposit_amount_minor,
    coalesce(purchases, 0) as total_purchases,
    coalesce(purchased.amount, 0) as total_purchase_amount_usd,
    purchased.first_at as first_purchase_timestamp,
    purchased.last_at as last_purchase_timestamp,
    coalesce(purchased.amount / purchases, 0) as avg_purchase_amount_usd,
    coalesce(games, 0) as unique_games_played,
    coalesce(visits, 0) as total_web_events,
    visited.first_at as first_web_event_timestamp,
    visited.last_at as last_web_event_timestamp,
    coalesce(campaigns, 0) as unique_campaigns_engaged,
    coalesce(jackpot_games, 0) as high_jackpot_games_played,
    coalesce(jackpot_amount, 0) as high_jackpot_spend_usd,
    if(purchased.first_at >= signup[2], purchased.first_at::date - signup[2]::date, null) as days_to_first_purchase,
    if(deposited.first_at >= signup[2], deposited.first_at::date - signup[2]::date, null) as days_to_first_deposit,
    visited.first_at::date - signup[2]::date as days_to_first_web_event,
    case
        when purchases >= 10 then 'High Value'
        when purchases >= 3 then 'Medium Value'
        when purchases >= 1 then 'Low Value'
        else 'No Purchase'
    end as customer_segment,
    if(jackpot_games >= 1, 'High Jackpot Player', 'Regular Player') as player_type,
    first_amount as first_deposit_amount_minor,
    coalesce(anonymous, 0) as anonymous_web_event_count,
    (select day from as_of) as as_of_date,
    now()::timestamp as dbt_updated_at
from players
left join deposited using (user_id)
left join purchased using (user_id)
left join visited using (user_id)
