-- Orders and refunds stacked. A refund stands on the day on which the money went back.
with entries as (
    select
        'order' as entry_kind,
        order_id,
        cast(null as {{ dbt.type_string() }}) as refund_id,
        customer_id,
        buyer_type,
        order_date as entry_date,
        1 as order_count,
        amount as gross_amount,
        0 as refund_amount
    from {{ ref('orders') }}
    union all
    select
        'refund' as entry_kind,
        order_id,
        refund_id,
        customer_id,
        buyer_type,
        refund_date as entry_date,
        0 as order_count,
        0 as gross_amount,
        refund_amount
    from {{ ref('int_customer_refunds') }}
),

final as (
    select
        entry_kind,
        order_id,
        refund_id,
        -- Guests, customers without an account and nobody have no row of their own.
        case when buyer_type in ('customer', 'test user') then customer_id end as customer_id,
        buyer_type,
        entry_date,
        order_count,
        gross_amount,
        refund_amount
    from entries
)

select * from final
