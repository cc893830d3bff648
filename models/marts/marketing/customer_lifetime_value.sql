with user_metrics as (
    select * from {{ ref('int_user_ltv_metrics') }}
),

final as (
    select
        cast(user_id as {{ dbt.type_string() }}) as user_id,
        cast(acquisition_channel as {{ dbt.type_string() }}) as acquisition_channel,
        cast(first_purchase_date as date) as first_purchase_date,
        cast(last_purchase_date as date) as last_purchase_date,
        cast(total_conversions as {{ dbt.type_bigint() }}) as total_conversions,
        cast(total_revenue as {{ type_money() }}) as total_revenue,
        cast(avg_order_value as {{ type_double() }}) as avg_order_value,
        cast(days_since_first_purchase as {{ dbt.type_bigint() }}) as days_since_first_purchase,
        cast(ltv_segment as {{ dbt.type_string() }}) as ltv_segment,
        total_conversions > 1 as is_repeat_customer,
        cast({{ dbt.date_trunc('month', 'first_purchase_date') }} as date) as cohort_month,
        cast(as_of_date as date) as as_of_date
    from user_metrics
)

select * from final
