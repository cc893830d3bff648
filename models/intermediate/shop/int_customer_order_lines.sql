with orders as (
    select * from {{ ref('orders') }}
    where
        order_status_group = 'successful'
        and buyer_type = 'customer'
),

-- Lines as they are: who needs one row per order and product reads int_product_sales, which takes
-- twice as long.
lines as (
    select * from {{ ref('stg_order_items') }}
),

final as (
    select
        orders.order_id,
        lines.order_item_id,
        orders.customer_id,
        coalesce(lines.product_name, orders.product_name, {{ unknown_product() }})
            as product_name,
        coalesce(lines.amount, orders.amount) as amount
    from orders
    left join lines
        on orders.order_id = lines.order_id
)

select * from final
