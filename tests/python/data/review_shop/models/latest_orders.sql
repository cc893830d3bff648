with orders as (
    select
        *,
        row_number() over (partition by customer_id order by order_date desc, order_id) as place
    from {{ ref('stg_orders') }}
),

final as (
    select
        customer_id,
        order_id,
        channel,
        amount,
        current_timestamp as loaded_at
    from orders
    where place = 1
)

select * from final
