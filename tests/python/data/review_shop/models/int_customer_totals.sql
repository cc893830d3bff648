with orders as (
    select * from {{ ref('stg_orders') }}
),

fees as (
    select * from {{ ref('channel_fees') }}
),

final as (
    select
        orders.customer_id,
        count(*) as orders_count,
        sum(orders.amount) as gross_amount,
        sum(orders.refund_amount) as refund_amount,
        sum({{ fee('orders.amount', 'fees.fee_rate') }}) as fee_amount
    from orders
    inner join fees
        on orders.channel = fees.channel
    group by 1
)

select * from final
