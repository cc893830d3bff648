with raw_web_events as (
    {{ raw_rows('lottery_raw', 'web_events') }}
),

final as (
    select
        -- keys
        cast(event_id as {{ dbt.type_string() }}) as event_id,
        cast(user_id as {{ dbt.type_string() }}) as user_id,
        cast(anonymous_user_id as {{ dbt.type_string() }}) as anonymous_user_id,

        -- dimensions
        -- What some trackers write for no campaign is what the marts call payments without a touch.
        nullif(cast(utm_campaign as {{ dbt.type_string() }}), '(none)') as utm_campaign,

        -- dates
        cast(event_timestamp as {{ dbt.type_timestamp() }}) as event_timestamp,
        cast(event_timestamp as date) as event_date
    from raw_web_events
)

select * from final
