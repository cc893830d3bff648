with customers as (
    select * from {{ ref('int_forecast_customers') }}
),

customers_by_segment as (
    select
        domain,
        period,
        segment,
        repeat_count,
        recency_days,
        age_days,
        count(*) as customer_count
    from customers
    group by 1, 2, 3, 4, 5, 6
),

with_all_segments as (
    select * from customers_by_segment
    union all
    select
        domain,
        period,
        {{ all_segments() }} as segment,
        repeat_count,
        recency_days,
        age_days,
        sum(customer_count) as customer_count
    from customers_by_segment
    group by 1, 2, 3, 4, 5, 6
),

final as (
    select
        *,
        cast(recency_days as {{ type_double() }}) / 7 as recency_weeks,
        cast(age_days as {{ type_double() }}) / 7 as age_weeks
    from with_all_segments
)

select * from final
