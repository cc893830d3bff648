with customers as (
    select * from {{ ref('int_customer_churn_risks') }}
),

segments as (
    select * from {{ ref('int_segments_by_rfm_score') }}
),

actions as (
    select * from {{ ref('segment_actions') }}
),

customers_in_segments as (
    select
        customers.*,
        coalesce(segments.customer_segment, 'No Purchase') as customer_segment,
        coalesce(segments.value_tier, 'low') as value_tier,
        coalesce(segments.engagement_level, 'low') as engagement_level
    from customers
    left join segments
        on
            customers.recency_score = segments.recency_score
            and customers.frequency_score = segments.frequency_score
            and customers.monetary_score = segments.monetary_score
),

customers_with_actions as (
    select
        customers_in_segments.*,
        actions.marketing_action
    from customers_in_segments
    left join actions
        on customers_in_segments.customer_segment = actions.customer_segment
),

final as (
    select
        cast(customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(customer_segment as {{ dbt.type_string() }}) as customer_segment,
        cast(successful_revenue as {{ type_money() }}) as total_revenue,
        cast(successful_order_count as {{ dbt.type_bigint() }}) as total_orders,
        cast(recency_score as {{ dbt.type_int() }}) as recency_score,
        cast(frequency_score as {{ dbt.type_int() }}) as frequency_score,
        cast(monetary_score as {{ dbt.type_int() }}) as monetary_score,
        cast(marketing_action as {{ dbt.type_string() }}) as marketing_action,
        cast(recency_days as {{ dbt.type_bigint() }}) as recency_days,
        {{ safe_ratio('successful_revenue', 'successful_order_count') }} as avg_order_value,
        cast(first_successful_order_date as date) as first_order_date,
        cast(last_successful_order_date as date) as last_order_date,
        cast(pending_revenue as {{ type_money() }}) as pending_revenue,
        cast(returned_revenue as {{ type_money() }}) as returned_revenue,
        cast(successful_revenue + pending_revenue + returned_revenue as {{ type_money() }})
            as gross_revenue,
        cast(value_tier as {{ dbt.type_string() }}) as value_tier,
        cast(engagement_level as {{ dbt.type_string() }}) as engagement_level,
        {{ safe_ratio('promotional_revenue', 'successful_revenue') }} as promotional_spend_rate,
        cast(churn_risk_score as {{ dbt.type_int() }}) as churn_risk_score,
        cast(
            case
                when churn_risk_score >= {{ var('high_churn_risk_score') }} then 'high'
                when churn_risk_score >= {{ var('medium_churn_risk_score') }} then 'medium'
                when churn_risk_score is not null then 'low'
            end as {{ dbt.type_string() }}
        ) as churn_risk_level,
        cast({{ as_of_date('shop') }} as date) as as_of_date
    from customers_with_actions
)

select * from final
