with raw_sessions as (
    {{ raw_rows('marketing_raw', 'sessions') }}
),

sessions_cast as (
    select
        -- keys
        cast(session_id as {{ dbt.type_string() }}) as session_id,
        cast(user_id as {{ dbt.type_string() }}) as user_id,
        cast(campaign_id as {{ dbt.type_string() }}) as campaign_id,
        cast(creative_id as {{ dbt.type_string() }}) as creative_id,

        -- dimensions
        cast(channel as {{ dbt.type_string() }}) as channel,
        cast(device_type as {{ dbt.type_string() }}) as device_type,
        cast(country as {{ dbt.type_string() }}) as country,

        -- measures
        cast(session_duration_sec as {{ dbt.type_bigint() }}) as session_duration_sec,
        cast(pages_viewed as {{ dbt.type_bigint() }}) as pages_viewed,

        -- dates
        cast(session_start as {{ dbt.type_timestamp() }}) as session_started_at,
        cast(session_start as date) as session_date
    from raw_sessions
),

final as (
    select
        session_id,
        user_id,
        campaign_id,
        creative_id,
        channel,
        device_type,
        country,
        case
            when session_duration_sec >= {{ var('engaged_session_seconds') }} then 'engaged'
            when session_duration_sec >= {{ var('moderate_session_seconds') }} then 'moderate'
            else 'bounce'
        end as engagement_level,
        case
            when pages_viewed >= {{ var('high_page_depth_pages') }} then 'high'
            when pages_viewed >= {{ var('medium_page_depth_pages') }} then 'medium'
            else 'low'
        end as page_depth,
        session_duration_sec,
        pages_viewed,
        session_started_at,
        session_date
    from sessions_cast
)

select * from final
