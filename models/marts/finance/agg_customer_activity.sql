with customers as (
    select * from {{ ref('mart_customer_revenue') }}
),

months as (
    select
        customer_id,
        cast({{ dbt.date_trunc('month', 'entry_date') }} as date) as activity_month,
        {{ sum_columns(['order_count', 'gross_amount', 'refund_amount']) }}
    from {{ ref('int_revenue_entries') }}
    where buyer_type = 'customer'
    group by 1, 2
),

final as (
    select
        cast(months.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(months.activity_month as date) as activity_month,
        cast(months.order_count as {{ dbt.type_bigint() }}) as orders_count,
        cast(months.gross_amount as {{ type_money() }}) as gross_amount,
        cast(months.refund_amount as {{ type_money() }}) as refund_amount,
        cast(months.gross_amount - months.refund_amount as {{ type_money() }}) as net_amount,
        cast(customers.cltv_segment as {{ dbt.type_string() }}) as cltv_segment,
        cast({{ as_of_date('shop') }} as date) as as_of_date
    from months
    inner join customers
        on months.customer_id = customers.customer_id
)

select * from final
