-- Every as-of date that is built adds its customers, and replaces them when it is built again.
-- A dbt snapshot cannot do the latter: its row id is a hash of key and date.
with customers as (
    select * from {{ ref('customer_segmentation') }}
    where as_of_date is not null
),

final as (
    select
        cast(customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(as_of_date as date) as as_of_date,
        cast(customer_segment as {{ dbt.type_string() }}) as customer_segment,
        cast(value_tier as {{ dbt.type_string() }}) as value_tier,
        cast(churn_risk_level as {{ dbt.type_string() }}) as churn_risk_level
    from customers
)

select * from final
