with populations as (
    select * from {{ ref('int_forecast_populations') }}
),

periods as (
    select * from {{ ref('int_forecast_periods') }}
),

populations_with_dates as (
    select
        populations.*,
        periods.fitted_through_date,
        periods.as_of_date
    from populations
    inner join periods
        on
            populations.domain = periods.domain
            and populations.period = periods.period
),

final as (
    select
        cast(domain as {{ dbt.type_string() }}) as domain,
        cast(period as {{ dbt.type_string() }}) as period,
        cast(segment as {{ dbt.type_string() }}) as segment,
        cast(fitted_through_date as date) as fitted_through_date,
        cast(customer_count as {{ dbt.type_bigint() }}) as customer_count,
        cast(repeat_buyer_count as {{ dbt.type_bigint() }}) as repeat_buyer_count,
        cast(spender_count as {{ dbt.type_bigint() }}) as spender_count,
        cast(no_forecast_reason as {{ dbt.type_string() }}) as no_forecast_reason,
        cast(coalesce(no_forecast_reason, no_spend_reason) as {{ dbt.type_string() }})
            as no_value_reason,
        {% for name in ['r', 'alpha', 'a', 'b', 'p', 'q', 'v'] %}
        cast({{ name }} as {{ type_double() }}) as {{ name }},
        cast(se_{{ name }} as {{ type_double() }}) as se_{{ name }},
        {% endfor %}
        {% for model in ['purchase', 'spend'] %}
        cast({{ model }}_log_likelihood as {{ type_double() }}) as {{ model }}_log_likelihood,
        cast({{ model }}_max_score as {{ type_double() }}) as {{ model }}_max_score,
        cast({{ model }}_step_count as {{ dbt.type_bigint() }}) as {{ model }}_step_count,
        coalesce(is_{{ model }}_fit_converged, false) as is_{{ model }}_fit_converged,
        coalesce(is_{{ model }}_fit_at_edge, false) as is_{{ model }}_fit_at_edge,
        {% endfor %}
        cast(count_spend_correlation as {{ type_double() }}) as count_spend_correlation,
        cast(as_of_date as date) as as_of_date
    from populations_with_dates
)

select * from final
