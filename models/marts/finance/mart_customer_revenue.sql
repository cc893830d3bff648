with customers as (
    select * from {{ ref('stg_customers') }}
    where not is_test_user
),

revenue as (
    select * from {{ ref('int_revenue_by_customer') }}
),

customers_with_revenue as (
    select
        customers.customer_id,
        coalesce(revenue.order_count, 0) as orders_count,
        coalesce(revenue.order_count_90d, 0) as orders_count_90d,
        coalesce(revenue.order_amount_90d, 0) as order_amount_90d,
        coalesce(revenue.refund_amount_90d, 0) as refund_amount_90d,
        coalesce(revenue.order_amount_90d - revenue.refund_amount_90d, 0) as net_revenue_90d
    from customers
    left join revenue
        on customers.customer_id = revenue.customer_id
),

customers_in_segments as (
    select
        *,
        case
            when net_revenue_90d >= {{ var('cltv_high_amount') }} then 'High'
            when net_revenue_90d >= {{ var('cltv_medium_amount') }} then 'Medium'
            else 'Low'
        end as cltv_segment
    from customers_with_revenue
),

final as (
    select
        cast(customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(net_revenue_90d as {{ type_money() }}) as net_revenue_90d,
        cast(cltv_segment as {{ dbt.type_string() }}) as cltv_segment,
        cast(orders_count as {{ dbt.type_bigint() }}) as orders_count,
        cast(orders_count_90d as {{ dbt.type_bigint() }}) as orders_count_90d,
        cast(order_amount_90d as {{ type_money() }}) as order_amount_90d,
        cast(refund_amount_90d as {{ type_money() }}) as refund_amount_90d,
        cast({{ as_of_date('shop') }} as date) as as_of_date
    from customers_in_segments
)

select * from final
