-- An anonymous visitor becomes known when the same browser or device later carries a player's id:
-- what it did before is then the player's, too. Kept apart: other events need nobody looked up.
with identified_events as (
    select * from {{ ref('stg_web_events') }}
    where
        event_date <= {{ as_of_date('gaming') }}
        and user_id is not null
),

anonymous_events as (
    select * from {{ ref('stg_web_events') }}
    where
        event_date <= {{ as_of_date('gaming') }}
        and user_id is null
),

turns as (
    select * from {{ ref('int_visitor_turns') }}
),

final as (
    select
        event_id,
        user_id,
        utm_campaign,
        event_timestamp,
        false as is_anonymous
    from identified_events
    union all
    select
        anonymous_events.event_id,
        turns.user_id,
        anonymous_events.utm_campaign,
        anonymous_events.event_timestamp,
        true as is_anonymous
    from anonymous_events
    left join turns
        on
            anonymous_events.anonymous_user_id = turns.anonymous_user_id
            and (
                turns.starts_after is null
                or anonymous_events.event_timestamp > turns.starts_after
            )
            and (turns.ends_with is null or anonymous_events.event_timestamp <= turns.ends_with)
)

select * from final
