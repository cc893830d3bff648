-- A customer's touches are the successful orders in time.
with orders as (
    select * from {{ ref('orders') }}
    where
        order_status_group = 'successful'
        and buyer_type = 'customer'
),

final as (
    {{ first_and_last_per_key(
        'orders', 'customer_id', 'attribution_channel', ['order_date', 'order_id'],
        {'touch_count': 'count(*)', 'revenue': 'sum(amount)'}
    ) }}
)

select * from final
