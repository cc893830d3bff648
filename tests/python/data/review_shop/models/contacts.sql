with customers as (
    select * from {{ ref('stg_customers') }}
),

orders as (
    select * from {{ ref('stg_orders') }}
),

final as (
    select
        email,
        country,
        'customer' as source
    from customers
    where country = 'AT'
    union all
    select
        customers.email,
        customers.country,
        'customer' as source
    from orders
    inner join customers
        on orders.customer_id = customers.customer_id
)

select * from final
