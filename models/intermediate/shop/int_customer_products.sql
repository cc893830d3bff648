with orders as (
    select * from {{ ref('orders') }}
    where
        order_status_group = 'successful'
        and buyer_type = 'customer'
),

-- Lines as they are, not int_product_sales, which adds up amounts that nobody asks for here.
items as (
    select
        order_id,
        coalesce(product_name, {{ unknown_product() }}) as product_name
    from {{ ref('stg_order_items') }}
),

final as (
    select distinct
        orders.customer_id,
        coalesce(items.product_name, orders.product_name, {{ unknown_product() }})
            as product_name
    from orders
    left join items
        on orders.order_id = items.order_id
)

select * from final
