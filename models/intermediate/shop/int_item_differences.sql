with orders as (
    select * from {{ ref('orders') }}
    where buyer_type <> 'test user'
),

items_by_order as (
    select
        order_id,
        sum(amount) as amount
    from {{ ref('stg_order_items') }}
    group by 1
),

final as (
    select coalesce(sum(orders.amount - items_by_order.amount), 0) as total
    from orders
    inner join items_by_order
        on orders.order_id = items_by_order.order_id
)

select * from final
