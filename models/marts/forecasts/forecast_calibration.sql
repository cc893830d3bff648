with outcomes as (
    select
        *,
        case when repeat_count < 7 then repeat_count else 7 end as least_repeat_count
    from {{ ref('int_forecast_outcomes') }}
),

periods as (
    select * from {{ ref('int_forecast_periods') }}
    where period = 'backtest'
),

bands as (
    select
        domain,
        least_repeat_count,
        count(*) as customer_count,
        sum(later_count) as actual_purchase_count,
        sum(active_count) as active_customer_count,
        {{ exact_sum('expected_purchases') }} as expected_purchases,
        {{ exact_sum('purchase_probability') }} as expected_active_customers
    from outcomes
    group by 1, 2
),

final as (
    select
        cast(bands.domain as {{ dbt.type_string() }}) as domain,
        cast(bands.least_repeat_count as {{ dbt.type_bigint() }}) as least_repeat_count,
        cast(bands.customer_count as {{ dbt.type_bigint() }}) as customer_count,
        cast(bands.actual_purchase_count as {{ dbt.type_bigint() }}) as actual_purchase_count,
        cast(bands.expected_purchases as {{ type_double() }}) as expected_purchases,
        {{ safe_ratio('bands.actual_purchase_count', 'bands.customer_count') }}
            as actual_mean_purchases,
        {{ safe_ratio('bands.expected_purchases', 'bands.customer_count') }}
            as expected_mean_purchases,
        {{ safe_ratio('bands.active_customer_count', 'bands.customer_count') }}
            as actual_active_rate,
        {{ wilson_bound('bands.active_customer_count', 'bands.customer_count', 'lower') }}
            as actual_active_lower_bound,
        {{ wilson_bound('bands.active_customer_count', 'bands.customer_count', 'upper') }}
            as actual_active_upper_bound,
        {{ safe_ratio('bands.expected_active_customers', 'bands.customer_count') }}
            as expected_active_rate,
        cast(periods.as_of_date as date) as as_of_date
    from bands
    inner join periods
        on bands.domain = periods.domain
)

select * from final
