-- A visitor is a browser or device. Most belong to one player for good; where several log in on
-- one, each turn ends with the player's last event before another one logs in.
with identified_events as (
    select * from {{ ref('stg_web_events') }}
    where
        event_date <= {{ as_of_date('gaming') }}
        and user_id is not null
        and anonymous_user_id is not null
),

visitors as (
    select
        anonymous_user_id,
        min(user_id) as user_id,
        min(user_id) <> max(user_id) as is_shared
    from identified_events
    group by 1
),

events_of_shared_visitors as (
    select
        identified_events.anonymous_user_id,
        identified_events.user_id,
        identified_events.event_timestamp,
        identified_events.event_id,
        lead(identified_events.user_id) over (
            partition by identified_events.anonymous_user_id
            order by
                identified_events.event_timestamp nulls last,
                identified_events.event_id nulls last
        ) as next_user_id
    from identified_events
    inner join visitors
        on identified_events.anonymous_user_id = visitors.anonymous_user_id
    where visitors.is_shared
),

turns as (
    select
        anonymous_user_id,
        user_id,
        lag(event_timestamp) over (
            partition by anonymous_user_id
            order by event_timestamp nulls last, event_id nulls last
        ) as starts_after,
        case when next_user_id is not null then event_timestamp end as ends_with
    from events_of_shared_visitors
    where next_user_id is null or next_user_id <> user_id
),

final as (
    select
        anonymous_user_id,
        user_id,
        cast(null as {{ dbt.type_timestamp() }}) as starts_after,
        cast(null as {{ dbt.type_timestamp() }}) as ends_with
    from visitors
    where not is_shared
    union all
    select
        anonymous_user_id,
        user_id,
        starts_after,
        ends_with
    from turns
)

select * from final
