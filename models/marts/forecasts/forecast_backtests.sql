with periods as (
    select * from {{ ref('int_forecast_periods') }}
    where period = 'backtest'
),

populations as (
    select * from {{ ref('forecast_parameters') }}
    where
        period = 'backtest'
        and segment = {{ all_segments() }}
),

outcomes as (
    select * from {{ ref('int_forecast_outcomes') }}
),

measures as (
    select
        domain,
        {% for forecast in ['expected', 'rate', 'same'] %}
        {{ exact_sum(forecast ~ '_purchases') }} as {{ forecast }}_total,
        {{ exact_sum('abs(' ~ forecast ~ '_purchases - later_count)') }} as {{ forecast }}_errors,
        {{ exact_sum('power(' ~ forecast ~ '_purchases - later_count, 2)') }}
            as {{ forecast }}_squared_errors,
        {% endfor %}
        {{ exact_correlation('expected_purchases', 'later_count') }} as purchase_correlation,
        {{ exact_sum('expected_value') }} as expected_value,
        {{ exact_sum('purchase_probability') }} as expected_active_customers,
        {{ exact_sum('power(purchase_probability - active_count, 2)') }}
            as squared_probability_errors,
        {{ exact_sum('active_count * ranked_below_count') }} as ranked_below_count,
        sum(
            case
                when expected_position <= ceiling(customer_count / 10.0) then later_count
                else 0
            end
        ) as top_decile_purchase_count,
        sum(later_count) as actual_purchase_count,
        sum(later_amount) as actual_amount,
        sum(active_count) as active_customer_count,
        sum(1 - active_count) as inactive_customer_count,
        count(*) as customer_count
    from outcomes
    group by 1
),

final as (
    select
        cast(periods.domain as {{ dbt.type_string() }}) as domain,
        cast(periods.fitted_through_date as date) as fitted_through_date,
        cast({{ var('forecast_horizon_days') }} as {{ dbt.type_bigint() }}) as horizon_days,
        cast(
            case
                when populations.domain is null then 'no customers at the time'
                else populations.no_forecast_reason
            end as {{ dbt.type_string() }}
        ) as no_backtest_reason,
        cast(coalesce(populations.customer_count, 0) as {{ dbt.type_bigint() }}) as customer_count,
        cast(measures.actual_purchase_count as {{ dbt.type_bigint() }}) as actual_purchase_count,
        cast(measures.expected_total as {{ type_double() }}) as expected_purchases,
        {% for forecast, prefix in [
            ('expected', ''), ('rate', 'naive_rate_'), ('same', 'naive_same_'),
        ] %}
        {{ safe_ratio(
            'measures.' ~ forecast ~ '_total - measures.actual_purchase_count',
            'measures.actual_purchase_count', otherwise='null'
        ) }} as {{ prefix }}bias_ratio,
        {{ safe_ratio(
            'measures.' ~ forecast ~ '_errors', 'measures.customer_count', otherwise='null'
        ) }} as {{ prefix }}mean_absolute_error,
        sqrt({{ safe_ratio(
            'measures.' ~ forecast ~ '_squared_errors', 'measures.customer_count', otherwise='null'
        ) }}) as {{ prefix }}root_mean_square_error,
        {% endfor %}
        cast(measures.purchase_correlation as {{ type_double() }}) as purchase_correlation,
        {{ safe_ratio(
            'measures.top_decile_purchase_count', 'measures.actual_purchase_count', otherwise='null'
        ) }} as top_decile_capture_rate,
        {{ safe_ratio(
            'measures.active_customer_count', 'measures.customer_count', otherwise='null'
        ) }} as actual_active_rate,
        {{ safe_ratio(
            'measures.expected_active_customers', 'measures.customer_count', otherwise='null'
        ) }} as expected_active_rate,
        {{ safe_ratio(
            'measures.ranked_below_count',
            'measures.active_customer_count * measures.inactive_customer_count',
            otherwise='null'
        ) }} as auc_rate,
        {{ safe_ratio(
            'measures.squared_probability_errors', 'measures.customer_count', otherwise='null'
        ) }} as brier_score,
        cast(measures.actual_amount as {{ type_money() }}) as actual_amount,
        cast(measures.expected_value as {{ type_double() }}) as expected_value,
        {{ safe_ratio(
            'measures.expected_value - measures.actual_amount', 'measures.actual_amount',
            otherwise='null'
        ) }} as value_bias_ratio,
        cast(periods.as_of_date as date) as as_of_date
    from periods
    left join populations
        on periods.domain = populations.domain
    left join measures
        on periods.domain = measures.domain
)

select * from final
