with orders as (
    select
        *,
        order_date > {{ as_of_date('shop') }} as is_late
    from {{ ref('stg_orders') }}
),

order_counts as (
    select
        'orders' as stage,
        case when is_late then 'after as-of date' else 'shown' end as outcome,
        count(*) as total
    from orders
    group by 2
),

payment_amounts as (
    select
        'payments' as stage,
        case
            when orders.order_id is null then 'unknown order'
            when orders.is_late then 'after as-of date'
            else 'shown'
        end as outcome,
        sum(payments.amount) as total
    from {{ ref('stg_payments') }} as payments
    left join orders
        on payments.order_id = orders.order_id
    group by 2
),

refund_amounts as (
    select
        'refunds' as stage,
        case
            when refunds.refund_date > {{ as_of_date('shop') }} then 'after as-of date'
            -- On the as-of date nobody knows an order that is placed later.
            when orders.order_id is null or orders.is_late then 'unknown order'
            else 'shown'
        end as outcome,
        sum(refunds.refund_amount) as total
    from {{ ref('stg_refunds') }} as refunds
    left join orders
        on refunds.order_id = orders.order_id
    group by 2
),

final as (
    select * from order_counts
    union all
    select * from payment_amounts
    union all
    select * from refund_amounts
)

select * from final
