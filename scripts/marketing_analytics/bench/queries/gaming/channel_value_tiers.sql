-- How many players of each value tier does each channel bring, and what do they pay?
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

deposited as (
    select
        user_id,
        count(*) as deposits,
        coalesce(sum(deposit_amount_inminor), 0)::bigint as amount,
        max(deposit_timestamp) as last_at
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
        count(jackpots.id) as jackpot_games
    from by_game
    left join (
        select game_id as id from lottery_raw.games where jackpot_estimate_inminor >= 1000000
    ) as jackpots on jackpots.id = game_id
    group by user_id
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

-- Of players and of the visitors who turned out to be one.
events as (
    select user_id, utm_campaign, is_touch, event_timestamp, event_id
    from visits
    where user_id is not null
    union all
    select turns.user_id, utm_campaign, is_touch, event_timestamp, event_id
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
        max(event_timestamp) as last_at,
        arg_min(utm_campaign, (event_timestamp, event_id)) filter (is_touch) as first_campaign
    from events
    group by user_id
),

-- Where a campaign spends in several channels nobody can tell which one brought a visit.
campaigns as (
    select campaign_name, if(min(channel) = max(channel), min(channel), 'several channels') as channel
    from lottery_raw.funnel_spend
    where date <= current_date
    group by campaign_name
),

measured as (
    select
        user_id,
        signup_at::date as signup_date,
        coalesce(deposits, 0) as deposits,
        coalesce(deposited.amount, 0) as deposit_amount,
        coalesce(purchases, 0) as purchases,
        coalesce(purchased.amount, 0) as amount,
        coalesce(games, 0) as games,
        coalesce(jackpot_games, 0) as jackpot_games,
        if(purchased.first_at >= signup_at, purchased.first_at::date - signup_date, null) as days_to_buy,
        day - coalesce(greatest(purchased.last_at, deposited.last_at, visited.last_at), signup_at)::date
            as inactive,
        day - signup_date as tenure,
        coalesce(purchased.amount / purchases, 0) as per_purchase,
        coalesce(purchases, 0) * 30 / greatest(tenure, 30) as per_month,
        coalesce(purchased.amount, 0) * 365 / greatest(tenure, 30) as per_year,
        if(first_campaign is null, '(none)', coalesce(channel, 'unknown')) as channel
    from as_of, players
    left join deposited using (user_id)
    left join purchased using (user_id)
    left join visited using (user_id)
    left join campaigns on campaign_name = first_campaign
),

scored as (
    select
        *,
        case
            when inactive <= 7 then 5
            when inactive <= 30 then 4
            when inactive <= 90 then 3
            when inactive <= 180 then 2
            else 1
        end as recency,
        case
            when per_month >= 5 then 5
            when per_month >= 3 then 4
            when per_month >= 1 then 3
            when per_month >= 0.5 then 2
            else 1
        end as frequency,
        case
            when per_purchase >= 50 then 5
            when per_purchase >= 25 then 4
            when per_purchase >= 10 then 3
            when per_purchase >= 5 then 2
            else 1
        end as monetary,
        case
            when jackpot_games >= 5 then 5
            when jackpot_games >= 3 then 4
            when jackpot_games >= 2 then 3
            when jackpot_games >= 1 then 2
            else 1
        end as jackpot,
        case
            when games >= 5 then 5
            when games >= 4 then 4
            when games >= 3 then 3
            when games >= 2 then 2
            else 1
        end as variety,
        case
            when deposits >= 10 then 5
            when deposits >= 5 then 4
            when deposits >= 3 then 3
            when deposits >= 1 then 2
            else 1
        end as depositing,
        case
            when days_to_buy is null then 0
            when days_to_buy <= 1 then 5
            when days_to_buy <= 3 then 4
            when days_to_buy <= 7 then 3
            when days_to_buy <= 14 then 2
            else 1
        end as quick,
        case
            when per_year >= 1000 then 1
            when per_year >= 500 then 0.8
            when per_year >= 200 then 0.6
            when per_year >= 100 then 0.4
            when per_year >= 50 then 0.2
            else 0
        end as factor,
        recency + frequency + monetary as rfm,
        jackpot + variety + depositing + quick as behavioral,
        40 * (rfm / 15) + 30 * (behavioral / 20) + 30 * factor as score
    from measured
),

by_tier as (
    select
        channel,
        case
            when score >= 80 then 'Diamond VIP'
            when score >= 60 then 'Gold VIP'
            when score >= 40 then 'Silver VIP'
            else 'Standard'
        end as tier,
        count(*) as players,
        sum(amount) as amount,
        sum(deposit_amount) as deposit_amount,
        sum(score::decimal(18, 9)) as score
    from scored
    group by all
),

channels as (
    select channel, sum(players) as all_players from by_tier group by channel
)

select
    channel,
    tier as vip_tier,
    coalesce(players, 0) as player_count,
    coalesce(players, 0) / all_players as player_rate,
    coalesce(amount, 0)::decimal(18, 2) as total_purchase_amount_usd,
    coalesce(deposit_amount, 0)::bigint as total_deposit_amount_minor,
    score / players as avg_ltv_score,
    (select day from as_of) as as_of_date
from channels
cross join (values ('Diamond VIP'), ('Gold VIP'), ('Silver VIP'), ('Standard')) as tiers (tier)
left join by_tier using (channel, tier)
