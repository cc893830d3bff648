with orders as (
    select * from {{ ref('orders') }}
    where
        order_status_group = 'successful'
        and buyer_type = 'customer'
),

final as (
    {{ first_row_per_key('orders', 'customer_id', ['order_id'], ['order_date', 'order_id']) }}
)

select * from final
