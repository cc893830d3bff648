-- Refunds stand in the month in which the money went back.
with amounts as (
    select
        customer_id,
        order_month as activity_month,
        buyer_type,
        1 as order_count,
        amount as gross_amount,
        0 as refund_amount
    from {{ ref('orders') }}
    union all
    select
        customer_id,
        cast({{ dbt.date_trunc('month', 'refund_date') }} as date) as activity_month,
        buyer_type,
        0 as order_count,
        0 as gross_amount,
        refund_amount
    from {{ ref('int_customer_refunds') }}
    where buyer_type <> 'nobody' and (order_id is not null or buyer_type <> 'unknown customer')
),

final as (
    select
        -- Guests and customers without an account have no row of their own.
        case when buyer_type in ('customer', 'test user') then customer_id end as customer_id,
        activity_month,
        buyer_type,
        {{ sum_columns(['order_count', 'gross_amount', 'refund_amount']) }}
    from amounts
    group by 1, 2, 3
)

select * from final
