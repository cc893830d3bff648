with latest_days as (
    select max(activity_date) as latest_date from {{ ref('stg_campaigns_daily') }}
    union all
    select max(session_date) as latest_date from {{ ref('stg_sessions') }}
    union all
    select max(conversion_date) as latest_date from {{ ref('stg_conversions') }}
    union all
    select max(touch_date) as latest_date from {{ ref('stg_attribution_touchpoints') }}
),

latest_day as (
    select max(latest_date) as latest_date from latest_days
),

final as (
    -- A wrong or planned day in the future must not move "now" past today.
    select
        case
            when latest_date > {{ utc_today() }} then {{ utc_today() }}
            else latest_date
        end as as_of_date
    from latest_day
)

select * from final
