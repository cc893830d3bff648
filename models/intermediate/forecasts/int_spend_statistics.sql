-- Who has paid nothing for a repeat purchase says nothing of what a purchase brings.
with customers as (
    select * from {{ ref('int_forecast_customers') }}
    where repeat_count > 0 and repeat_amount > 0
),

customers_by_segment as (
    select
        domain,
        period,
        segment,
        repeat_count,
        repeat_amount,
        count(*) as customer_count
    from customers
    group by 1, 2, 3, 4, 5
),

final as (
    select * from customers_by_segment
    union all
    select
        domain,
        period,
        {{ all_segments() }} as segment,
        repeat_count,
        repeat_amount,
        sum(customer_count) as customer_count
    from customers_by_segment
    group by 1, 2, 3, 4, 5
)

select * from final
