-- As customer_segment_history of the shop: see there.
with customers as (
    select * from {{ ref('mart_customer_revenue') }}
    where as_of_date is not null
),

final as (
    select
        cast(customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(as_of_date as date) as as_of_date,
        cast(cltv_segment as {{ dbt.type_string() }}) as cltv_segment,
        cast(net_revenue_90d as {{ type_money() }}) as net_revenue_90d
    from customers
)

select * from final
