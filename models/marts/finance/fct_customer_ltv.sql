with customers as (
    select * from {{ ref('mart_customer_revenue') }}
),

revenue as (
    select * from {{ ref('int_revenue_by_customer') }}
),

final as (
    select
        cast(customers.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(revenue.first_order_date as date) as first_order_date,
        cast(revenue.last_order_date as date) as last_order_date,
        cast(customers.orders_count as {{ dbt.type_bigint() }}) as orders_count,
        cast(coalesce(revenue.order_amount, 0) as {{ type_money() }}) as gross_amount,
        cast(coalesce(revenue.refund_amount, 0) as {{ type_money() }}) as refund_amount,
        cast(coalesce(revenue.order_amount - revenue.refund_amount, 0) as {{ type_money() }})
            as net_amount,
        {{ safe_ratio('revenue.order_amount', 'revenue.order_count') }} as avg_order_value,
        cast(customers.net_revenue_90d as {{ type_money() }}) as net_revenue_90d,
        cast(customers.cltv_segment as {{ dbt.type_string() }}) as cltv_segment,
        cast({{ as_of_date('shop') }} as date) as as_of_date
    from customers
    left join revenue
        on customers.customer_id = revenue.customer_id
)

select * from final
