with customers as (
    select * from {{ ref('fct_customer_ltv') }}
),

segments as (
    select * from {{ ref('mart_customer_revenue') }}
),

months as (
    select
        cast({{ dbt.date_trunc('month', 'customers.first_order_date') }} as date)
            as first_order_month,
        segments.cltv_segment,
        count(*) as customer_count,
        sum(case when segments.orders_count_90d > 0 then 1 else 0 end) as active_customer_count,
        sum(segments.net_revenue_90d) as net_revenue_90d
    from segments
    inner join customers
        on segments.customer_id = customers.customer_id
    group by 1, 2
),

final as (
    select
        cast(first_order_month as date) as first_order_month,
        cast(cltv_segment as {{ dbt.type_string() }}) as cltv_segment,
        cast(customer_count as {{ dbt.type_bigint() }}) as customer_count,
        cast(active_customer_count as {{ dbt.type_bigint() }}) as active_customer_count,
        {{ safe_ratio('active_customer_count', 'customer_count') }} as active_rate,
        cast(net_revenue_90d as {{ type_money() }}) as net_revenue_90d,
        cast({{ as_of_date('shop') }} as date) as as_of_date
    from months
)

select * from final
