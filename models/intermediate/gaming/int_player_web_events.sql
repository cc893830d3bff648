-- An anonymous visitor becomes known when the same browser or device later carries a player's id:
-- what it did before is then the player's, too.
with web_events as (
    select
        event_id,
        user_id,
        case when user_id is null then anonymous_user_id end as unknown_visitor_id,
        utm_campaign,
        event_timestamp
    from {{ ref('stg_web_events') }}
    where event_date <= {{ as_of_date('gaming') }}
),

turns as (
    select * from {{ ref('int_visitor_turns') }}
),

final as (
    select
        web_events.event_id,
        coalesce(web_events.user_id, turns.user_id) as user_id,
        web_events.utm_campaign,
        web_events.event_timestamp,
        web_events.user_id is null as is_anonymous
    from web_events
    left join turns
        on
            web_events.unknown_visitor_id = turns.anonymous_user_id
            and (turns.starts_after is null or web_events.event_timestamp > turns.starts_after)
            and (turns.ends_with is null or web_events.event_timestamp <= turns.ends_with)
)

select * from final
