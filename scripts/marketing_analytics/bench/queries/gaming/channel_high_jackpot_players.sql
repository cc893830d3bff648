-- Which channels bring the players of high jackpots, and what does one cost?
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
    select
        user_id,
        count(*) as purchases,
        sum(purchase_amount_usd) as amount,
        count(jackpots.id) as jackpot_purchases,
        sum(purchase_amount_usd) filter (jackpots.id is not null) as jackpot_amount
    from lottery_raw.ticket_purchases
    left join (
        select game_id as id from lottery_raw.games where jackpot_estimate_inminor >= 1000000
    ) as jackpots on jackpots.id = game_id
    where user_id is not null and purchase_timestamp < current_date + 1
    group by user_id
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

touched as (
    select user_id, arg_min((campaign, event_timestamp), (event_timestamp, event_id)) as first_touch
    from touches
    group by user_id
),

channels as (
    select
        channel,
        sum(players) as players,
        sum(buyers) as buyers,
        sum(jackpot_players) as jackpot_players,
        coalesce(sum(parts.jackpot_amount), 0) as jackpot_amount,
        coalesce(sum(parts.amount), 0) as amount,
        coalesce(sum(spend), 0) as spend
    from (
        select
            if(first_touch is null, '(none)', coalesce(channel, 'unknown')) as channel,
            count(*) as players,
            count(purchases) as buyers,
            count(*) filter (jackpot_purchases > 0) as jackpot_players,
            sum(jackpot_amount) as jackpot_amount,
            sum(amount) as amount,
            0 as spend
        from players
        left join purchased using (user_id)
        left join touched using (user_id)
        left join campaigns on campaign_name = first_touch[1]
        group by 1
        union all
        select channel, 0, 0, 0, 0, 0, spend
        from campaigns
    ) as parts
    group by channel
)

select
    channel,
    players::bigint as player_count,
    buyers::bigint as buyer_count,
    jackpot_players::bigint as high_jackpot_player_count,
    coalesce(jackpot_players / nullif(players, 0), 0) as high_jackpot_player_rate,
    if(players > 0, greatest(0, (
        jackpot_players + z2 / 2
        - sqrt(z2) * sqrt(jackpot_players * (players - jackpot_players) / players + z2 / 4)
    ) / (players + z2)), null) as high_jackpot_player_rate_lower_bound,
    if(players > 0, least(1, (
        jackpot_players + z2 / 2
        + sqrt(z2) * sqrt(jackpot_players * (players - jackpot_players) / players + z2 / 4)
    ) / (players + z2)), null) as high_jackpot_player_rate_upper_bound,
    jackpot_amount::decimal(18, 2) as high_jackpot_spend_usd,
    coalesce(jackpot_amount / nullif(amount, 0), 0) as high_jackpot_spend_rate,
    jackpot_amount / nullif(jackpot_players, 0) as spend_per_high_jackpot_player_usd,
    spend::decimal(16, 0) * 0.01::decimal(2, 2) as ad_spend_usd,
    spend / 100 / nullif(jackpot_players, 0) as cost_per_high_jackpot_player_usd,
    (select day from as_of) as as_of_date
from channels
cross join (select 1.959963984540054::double ** 2 as z2)
