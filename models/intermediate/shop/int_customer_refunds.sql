-- Refunds of an order belong to its buyer; those without a known order to the customer they name.
with orders as (
    select * from {{ ref('orders') }}
),

customers as (
    select * from {{ ref('stg_customers') }}
),

refunds as (
    select * from {{ ref('stg_refunds') }}
    where refund_date <= {{ as_of_date('shop') }}
),

refunds_matched as (
    select
        refunds.refund_id,
        orders.order_id,
        coalesce(orders.customer_id, customers.customer_id) as customer_id,
        case
            when orders.order_id is not null then orders.buyer_type
            when customers.is_test_user then 'test user'
            when customers.customer_id is not null then 'customer'
            when refunds.customer_id is not null then 'unknown customer'
            else 'nobody'
        end as buyer_type,
        case when orders.order_id is not null then 'order' else 'customer' end as refund_kind,
        refunds.refund_amount,
        refunds.refund_date,
        orders.order_date
    from refunds
    left join orders
        on refunds.order_id = orders.order_id
    left join customers
        on
            refunds.customer_id = customers.customer_id
            and orders.order_id is null
),

final as (
    select
        refund_id,
        order_id,
        customer_id,
        buyer_type,
        refund_kind,
        refund_amount,
        refund_date,
        order_date
    from refunds_matched
    union all
    select
        cast(null as {{ dbt.type_string() }}) as refund_id,
        order_id,
        customer_id,
        buyer_type,
        'assumed' as refund_kind,
        refund_amount,
        order_date as refund_date,
        order_date
    from orders
    where is_refund_assumed
)

select * from final
