with purchase_statistics as (
    select * from {{ ref('int_purchase_statistics') }}
),

spend_statistics as (
    select
        domain,
        period,
        segment,
        customer_count,
        cast(repeat_count as {{ type_double() }}) as repeat_count,
        cast(repeat_amount as {{ type_double() }}) / repeat_count as mean_amount
    from {{ ref('int_spend_statistics') }}
),

periods as (
    select * from {{ ref('int_forecast_periods') }}
),

fits as (
    select * from {{ ref('int_forecast_fits') }}
),

populations as (
    select
        domain,
        period,
        segment,
        sum(customer_count) as customer_count,
        sum(case when repeat_count > 0 then customer_count else 0 end) as repeat_buyer_count
    from purchase_statistics
    group by 1, 2, 3
),

spenders as (
    select
        domain,
        period,
        segment,
        sum(customer_count) as spender_count,
        {{ exact_correlation('repeat_count', 'mean_amount', 'customer_count') }}
            as count_spend_correlation
    from spend_statistics
    group by 1, 2, 3
),

populations_with_fits as (
    select
        populations.*,
        periods.fitted_through_date,
        periods.as_of_date,
        coalesce(spenders.spender_count, 0) as spender_count,
        spenders.count_spend_correlation,
        {% for column in fit_column_names() %}
        fits.{{ column }},
        {% endfor %}
        {{ least_repeat_buyers('populations.segment') }} as least_count
    from populations
    inner join periods
        on
            populations.domain = periods.domain
            and populations.period = periods.period
    left join spenders
        on
            populations.domain = spenders.domain
            and populations.period = spenders.period
            and populations.segment = spenders.segment
    left join fits
        on
            populations.domain = fits.domain
            and populations.period = fits.period
            and populations.segment = fits.segment
),

final as (
    select
        *,
        case
            when repeat_buyer_count = 0 then 'no repeat buyers'
            when repeat_buyer_count < least_count then 'too few repeat buyers'
            when not coalesce(is_purchase_fit_converged, false)
                then 'the purchase model did not converge'
        end as no_forecast_reason,
        case
            when repeat_buyer_count = 0 then 'no repeat buyers'
            when repeat_buyer_count < least_count then 'too few repeat buyers'
            when not coalesce(is_purchase_fit_converged, false)
                then 'the purchase model did not converge'
            when spender_count = 0 then 'no repeat buyer paid anything'
            when spender_count < least_count then 'too few repeat buyers who paid'
            when not coalesce(is_spend_fit_converged, false)
                then 'the spend model did not converge'
            when q <= 1 then 'order values vary too much to have a mean'
        end as no_value_reason
    from populations_with_fits
)

select * from final
