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
    -- A wrong or planned day in the future must not move "now" past today.
    select
        case
            when {{ fixed_as_of_date() }} is not null then {{ fixed_as_of_date() }}
            when latest_date > {{ utc_today() }} then {{ utc_today() }}
            else latest_date
        end as as_of_date
    from latest_day
)

select * from final
