with latest_days as (
    -- The day of the latest time, not the latest day of all times: an engine knows the greatest
    -- value of a column without reading it.
    select max(activity_date) as latest_date from {{ ref('stg_campaigns_daily') }}
    union all
    select cast(max(session_started_at) as date) as latest_date from {{ ref('stg_sessions') }}
    union all
    select cast(max(converted_at) as date) as latest_date from {{ ref('stg_conversions') }}
    union all
    select cast(max(touched_at) as date) as latest_date
    from {{ ref('stg_attribution_touchpoints') }}
),

latest_day as (
    select max(latest_date) as latest_date from latest_days
),

final as (
    select {{ as_of_date_from('latest_date') }} as as_of_date
    from latest_day
)

select * from final
