with purchase_statistics as (
    select * from {{ ref('int_purchase_statistics') }}
),

spend_statistics as (
    select
        *,
        {{ safe_ratio('repeat_amount', 'repeat_count') }} as mean_amount
    from {{ ref('int_spend_statistics') }}
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
        coalesce(spenders.spender_count, 0) as spender_count,
        spenders.count_spend_correlation,
        {% for column in fit_column_names() %}
        fits.{{ column }},
        {% endfor %}
        {{ least_repeat_buyers('populations.segment') }} as least_count
    from populations
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
            when spender_count = 0 then 'no repeat buyer paid anything'
            when spender_count < least_count then 'too few repeat buyers who paid'
            when not coalesce(is_spend_fit_converged, false)
                then 'the spend model did not converge'
            when q <= 1 then 'order values vary too much to have a mean'
        end as no_spend_reason
    from populations_with_fits
)

select * from final
