with source as (
    select * from {{ ref('raw_orders') }}
),

final as (
    select
        order_id,
        customer_id,
        order_date,
        status,
        channel,
        cast(amount as decimal(18, 2)) as amount,
        cast(coalesce(refund_amount, 0) as decimal(18, 2)) as refund_amount
    from source
    where status <> 'cancelled'
)

select * from final
