with latest_days as (
    select max(order_date) as latest_date from {{ ref('stg_orders') }}
    union all
    -- The day of the latest time, not the latest day of all times: an engine knows the greatest
    -- value of a column without reading it.
    select cast(max(refunded_at) as date) as latest_date from {{ ref('stg_refunds') }}
    union all
    select cast(max(contacted_at) as date) as latest_date from {{ ref('stg_customer_contacts') }}
),

latest_day as (
    select max(latest_date) as latest_date from latest_days
),

final as (
    select {{ as_of_date_from('latest_date') }} as as_of_date
    from latest_day
)

select * from final
