with web_events as (
    select * from {{ ref('int_player_web_events') }}
    where user_id is not null
),

-- In two steps: counting the different campaigns of a player at once takes several times as long.
events_by_campaign as (
    select
        user_id,
        utm_campaign,
        count(*) as event_count,
        sum(case when is_anonymous then 1 else 0 end) as anonymous_event_count,
        min(event_timestamp) as first_event_timestamp,
        max(event_timestamp) as last_event_timestamp
    from web_events
    group by 1, 2
),

final as (
    select
        user_id,
        sum(event_count) as total_web_events,
        sum(anonymous_event_count) as anonymous_web_event_count,
        min(first_event_timestamp) as first_web_event_timestamp,
        max(last_event_timestamp) as last_web_event_timestamp,
        count(utm_campaign) as unique_campaigns_engaged
    from events_by_campaign
    group by 1
)

select * from final
