with orders as (
    select * from {{ ref('stg_orders') }}
),

payments as (
    select * from {{ ref('stg_order_payments') }}
),

customers as (
    select * from {{ ref('stg_customers') }}
),

orders_with_amounts as (
    select
        orders.order_id,
        orders.customer_id,
        customers.is_test_user,
        orders.status,
        orders.order_status_group,
        orders.product_name,
        coalesce(payments.amount, 0) as amount,
        coalesce(payments.promotional_amount, 0) as promotional_amount,
        coalesce(payments.payment_count, 0) as payment_count,
        orders.order_date
    from orders
    left join payments
        on orders.order_id = payments.order_id
    left join customers
        on orders.customer_id = customers.customer_id
),

orders_numbered as (
    select
        *,
        row_number() over (
            partition by customer_id order by order_date nulls last, order_id nulls last
        ) as order_number,
        sum(amount) over (
            partition by customer_id
            order by order_date nulls last, order_id nulls last
            rows between unbounded preceding and current row
        ) as value_to_date
    from orders_with_amounts
),

final as (
    select
        order_id,
        customer_id,
        coalesce(is_test_user, false) as is_test_user,
        status,
        order_status_group,
        product_name,
        -- Guests have no history: their orders belong to nobody's.
        case
            when customer_id is null then null
            when order_number = 1 then 'new'
            when order_number <= 3 then 'active'
            else 'loyal'
        end as lifecycle_stage,
        case when customer_id is not null then order_number end as customer_order_number,
        amount,
        promotional_amount,
        cast(amount - promotional_amount as {{ type_money() }}) as non_promotional_amount,
        cast(case when customer_id is not null then value_to_date end as {{ type_money() }})
            as customer_value_to_date,
        payment_count,
        order_date
    from orders_numbered
)

select * from final
