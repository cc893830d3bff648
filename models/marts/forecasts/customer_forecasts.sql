with scores as (
    select * from {{ ref('int_forecast_scores') }}
    where period = 'forecast'
),

backtests as (
    select * from {{ ref('forecast_backtests') }}
),

final as (
    select
        cast(scores.domain as {{ dbt.type_string() }}) as domain,
        cast(scores.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(scores.segment as {{ dbt.type_string() }}) as segment,
        cast(scores.first_purchase_date as date) as first_purchase_date,
        cast(scores.last_purchase_date as date) as last_purchase_date,
        cast(scores.repeat_count as {{ dbt.type_bigint() }}) as repeat_count,
        cast(scores.fitted_segment as {{ dbt.type_string() }}) as fitted_segment,
        cast(scores.no_forecast_reason as {{ dbt.type_string() }}) as no_forecast_reason,
        cast(scores.no_value_reason as {{ dbt.type_string() }}) as no_value_reason,
        cast({{ var('forecast_horizon_days') }} as {{ dbt.type_bigint() }}) as horizon_days,
        cast(scores.expected_purchases as {{ type_double() }}) as expected_purchases,
        cast(scores.purchase_probability_horizon as {{ type_double() }}) as purchase_probability,
        cast(1 - scores.purchase_probability_90d as {{ type_double() }}) as churn_probability_90d,
        cast(scores.expected_order_value as {{ type_double() }}) as expected_order_value,
        cast(scores.expected_value as {{ type_double() }}) as expected_value,
        cast(scores.expected_purchases_12m as {{ type_double() }}) as expected_purchases_12m,
        cast(scores.lower_bound_count as {{ dbt.type_bigint() }}) as lower_purchase_count_12m,
        cast(scores.upper_bound_count as {{ dbt.type_bigint() }}) as upper_purchase_count_12m,
        cast(scores.expected_value_12m as {{ type_double() }}) as discounted_value_12m,
        cast(scores.lower_bound_value_12m as {{ type_double() }})
            as discounted_value_12m_lower_bound,
        cast(scores.upper_bound_value_12m as {{ type_double() }})
            as discounted_value_12m_upper_bound,
        cast(backtests.no_backtest_reason as {{ dbt.type_string() }}) as no_backtest_reason,
        cast(backtests.bias_ratio as {{ type_double() }}) as backtest_bias_ratio,
        cast(backtests.value_bias_ratio as {{ type_double() }}) as backtest_value_bias_ratio,
        cast(backtests.auc_rate as {{ type_double() }}) as backtest_auc_rate,
        cast(backtests.brier_score as {{ type_double() }}) as backtest_brier_score,
        cast(scores.as_of_date as date) as as_of_date
    from scores
    left join backtests
        on scores.domain = backtests.domain
)

select * from final
