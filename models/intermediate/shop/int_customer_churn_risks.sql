{%- set overdue_weight = var('churn_overdue_weight') -%}
{%- set full_risk_gaps = var('churn_full_risk_gaps') -%}

with customers as (
    select
        *,
        {{ dbt.datediff(
            'first_successful_order_date', 'last_successful_order_date', 'day'
        ) }} as buying_days
    from {{ ref('int_customer_rfm_scores') }}
),

-- Days between two orders over the whole shop, for those who have no gap of their own.
shop as (
    select
        {{ safe_ratio(
            'sum(buying_days)', 'sum(successful_order_count - 1)', otherwise=var('churn_trend_days')
        ) }} as gap_days
    from customers
    where buying_days > 0
),

customers_measured as (
    select
        customers.*,
        customers.recency_days / case
            when customers.buying_days > 0
                then {{ safe_ratio(
                    'customers.buying_days', 'customers.successful_order_count - 1'
                ) }}
            else shop.gap_days
        end as overdue_gaps,
        {{ lost_rate('customers.previous_order_count', 'customers.recent_order_count') }}
            as decline_rate
    from customers
    cross join shop
),

customers_scored as (
    select
        *,
        -- No risk up to one gap, all of it from var churn_full_risk_gaps on; null without a gap.
        {{ overdue_weight }} * case
            when overdue_gaps <= 1 then 0
            when overdue_gaps < {{ full_risk_gaps }}
                then (overdue_gaps - 1) / ({{ full_risk_gaps }} - 1)
            when overdue_gaps >= {{ full_risk_gaps }} then 1
        end
        + (100 - {{ overdue_weight }}) * decline_rate as risk_points
    from customers_measured
),

final as (
    select
        *,
        -- A double may hold a half as a little less: the last digit rounds it up all the same.
        cast(floor(risk_points + 0.500000001) as {{ dbt.type_int() }}) as churn_risk_score
    from customers_scored
)

select * from final
