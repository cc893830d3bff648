-- A touch is an event with a campaign. It is the last one until the next.
with players as (
    select * from {{ ref('int_players') }}
),

touches as (
    select * from {{ ref('int_player_web_events') }}
    where
        user_id is not null
        and utm_campaign is not null
),

final as (
    select
        touches.event_id,
        touches.user_id,
        touches.utm_campaign as campaign_name,
        touches.event_timestamp as touch_timestamp,
        row_number() over (
            partition by touches.user_id
            order by touches.event_timestamp nulls last, touches.event_id nulls last
        ) as touch_position,
        lead(touches.event_timestamp) over (
            partition by touches.user_id
            order by touches.event_timestamp nulls last, touches.event_id nulls last
        ) as next_touch_timestamp,
        first_value(touches.utm_campaign) over (
            partition by touches.user_id
            order by touches.event_timestamp nulls last, touches.event_id nulls last
        ) as first_campaign_name
    from touches
    inner join players
        on touches.user_id = players.user_id
)

select * from final
