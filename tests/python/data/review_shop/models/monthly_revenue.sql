with orders as (
    select * from {{ ref('stg_orders') }}
),

final as (
    select
        cast(date_trunc('month', order_date) as date) as order_month,
        cast(count(*) as integer) as orders_count,
        sum(amount - refund_amount) as revenue
    from orders
    group by 1
)

select * from final
