with orders as (
    select * from {{ ref('orders') }}
    where buyer_type <> 'test user'
),

-- Several lines of the same product in an order are one sale.
items as (
    select
        order_id,
        product_name,
        sum(quantity) as quantity,
        sum(amount) as amount
    from {{ ref('stg_order_items') }}
    group by 1, 2
),

final as (
    select
        orders.order_id,
        case when orders.buyer_type = 'customer' then orders.customer_id end as customer_id,
        orders.order_date,
        orders.order_status_group,
        coalesce(items.product_name, orders.product_name, {{ unknown_product() }})
            as product_name,
        cast(coalesce(items.quantity, 1) as {{ dbt.type_bigint() }}) as quantity,
        -- The products of an order share its payments by their amounts; decimals, because a sum of
        -- doubles depends on the order of the rows.
        {% for method in ['credit_card', 'bank_transfer', 'coupon', 'gift_card'] %}
        cast(
            {{ safe_ratio('orders.' ~ method ~ '_amount', 'orders.amount') }}
            * cast(coalesce(items.amount, orders.amount) as {{ type_double() }})
            as {{ type_decimal(38, 12) }}
        ) as {{ method }}_revenue,
        {% endfor %}
        cast(coalesce(items.amount, orders.amount) as {{ type_money() }}) as amount
    from orders
    left join items
        on orders.order_id = items.order_id
)

select * from final
