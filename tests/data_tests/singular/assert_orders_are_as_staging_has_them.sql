-- Has an order changed further back than an incremental build looks? A build with --full-refresh mends it.
{{ config(enabled='shop' in var('domains') or 'finance' in var('domains')) }}

with compared as (
    select
        stg_orders.order_id,
        stg_orders.status as expected_status,
        orders.status as found_status,
        orders.order_id is null
        or stg_orders.order_date <> orders.order_date
        or stg_orders.status <> orders.status
        or coalesce(stg_orders.customer_id, '') <> coalesce(orders.customer_id, '')
        or coalesce(stg_orders.product_name, '') <> coalesce(orders.product_name, '')
            as is_different
    from {{ ref('stg_orders') }} as stg_orders
    left join {{ ref('orders') }} as orders
        on stg_orders.order_id = orders.order_id
    where stg_orders.order_date <= {{ as_of_date('shop') }}
)

select * from compared
where is_different
