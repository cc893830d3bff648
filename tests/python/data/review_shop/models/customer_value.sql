with customers as (
    select * from {{ ref('stg_customers') }}
    where not is_test_user
),

totals as (
    select * from {{ ref('int_customer_totals') }}
),

customers_with_totals as (
    select
        customers.customer_id,
        customers.country,
        coalesce(totals.orders_count, 0) as orders_count,
        coalesce(totals.gross_amount - totals.refund_amount, 0) as net_amount,
        coalesce(totals.fee_amount, 0) as fee_amount
    from customers
    left join totals
        on customers.customer_id = totals.customer_id
),

final as (
    select
        cast(customer_id as varchar) as customer_id,
        cast(country as varchar) as country,
        cast(orders_count as bigint) as orders_count,
        cast(net_amount as decimal(18, 2)) as net_amount,
        cast(fee_amount as decimal(18, 2)) as fee_amount,
        case when net_amount >= {{ var('high_amount') }} then 'High' else 'Low' end as segment
    from customers_with_totals
)

select * from final
