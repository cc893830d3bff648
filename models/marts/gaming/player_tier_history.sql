-- Every as-of date that is built adds its players, and replaces them when it is built again, as in
-- customer_segment_history.
with scores as (
    select * from {{ ref('customer_ltv_scoring') }}
),

final as (
    select
        cast(user_id as {{ dbt.type_string() }}) as user_id,
        cast(as_of_date as date) as as_of_date,
        cast(vip_tier as {{ dbt.type_string() }}) as vip_tier,
        cast(customer_segment as {{ dbt.type_string() }}) as customer_segment,
        cast(promotion_category as {{ dbt.type_string() }}) as promotion_category,
        cast(ltv_score as {{ type_double() }}) as ltv_score
    from scores
)

select * from final
