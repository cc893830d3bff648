-- Does net revenue of each customer match orders minus refunds, counted one by one from staging?
-- Orders and refunds of the 90 days that end on the as-of date; a returned order without a refund
-- counts as paid back in full.
{{ config(enabled='finance' in var('domains')) }}

with orders as (
    select
        orders.order_id,
        orders.customer_id,
        orders.order_date,
        orders.order_status_group
    from {{ ref('stg_orders') }} as orders
    inner join {{ ref('stg_customers') }} as customers
        on orders.customer_id = customers.customer_id
    where
        orders.order_date <= {{ as_of_date('shop') }}
        and not customers.is_test_user
),

refunds as (
    select * from {{ ref('stg_refunds') }}
    where refund_date <= {{ as_of_date('shop') }}
),

refunded_orders as (
    select distinct order_id from refunds
),

amounts as (
    select
        orders.customer_id,
        orders.order_date as counted_date,
        payments.amount
    from {{ ref('stg_payments') }} as payments
    inner join orders
        on payments.order_id = orders.order_id
    union all
    select
        orders.customer_id,
        orders.order_date as counted_date,
        -payments.amount as amount
    from {{ ref('stg_payments') }} as payments
    inner join orders
        on payments.order_id = orders.order_id
    left join refunded_orders
        on orders.order_id = refunded_orders.order_id
    where
        orders.order_status_group = 'returned'
        and refunded_orders.order_id is null
    union all
    select
        orders.customer_id,
        {{ 'orders.order_date' if var('refund_basis') == 'order_date' else 'refunds.refund_date' }}
            as counted_date,
        -refunds.refund_amount as amount
    from refunds
    inner join orders
        on refunds.order_id = orders.order_id
    union all
    select
        refunds.customer_id,
        refunds.refund_date as counted_date,
        -refunds.refund_amount as amount
    from refunds
    left join {{ ref('stg_orders') }} as known_orders
        on
            refunds.order_id = known_orders.order_id
            and known_orders.order_date <= {{ as_of_date('shop') }}
    where known_orders.order_id is null
),

expected as (
    select
        customer_id,
        sum(amount) as net_revenue_90d
    from amounts
    where counted_date > {{ dbt.dateadd('day', -90, as_of_date('shop')) }}
    group by 1
),

compared as (
    select
        'net revenue of customer ' || found.customer_id as measure,
        coalesce(expected.net_revenue_90d, 0) as expected,
        found.net_revenue_90d as found
    from {{ ref('mart_customer_revenue') }} as found
    left join expected
        on found.customer_id = expected.customer_id
)

select * from compared
where abs(expected - found) > 0.01
