with statistics as (
    select * from {{ ref('int_purchase_statistics') }}
),

fits as (
    select * from {{ ref('int_forecast_fits') }}
    where is_purchase_fit_converged
),

-- What the fit says of a customer with these purchases: a rate of purchases that is gamma
-- distributed with shape and scale, a probability of leaving that is beta distributed with a and b.
histories as (
    select
        statistics.domain,
        statistics.period,
        statistics.segment,
        statistics.repeat_count,
        statistics.recency_days,
        statistics.age_days,
        fits.a,
        fits.b + statistics.repeat_count as b,
        fits.r + statistics.repeat_count as shape,
        fits.alpha + statistics.age_weeks as weeks_scale,
        fits.alpha + statistics.recency_weeks as weeks_scale_then
    from statistics
    inner join fits
        on
            statistics.domain = fits.domain
            and statistics.period = fits.period
            and statistics.segment = fits.segment
),

still_there as (
    select
        *,
        -- By the model's rules nobody leaves before the first repeat purchase.
        case
            when repeat_count = 0 then 1
            else 1 / (
                1 + a / (b - 1) * {{ safe_exp('shape * ln(weeks_scale / weeks_scale_then)') }}
            )
        end as still_there_rate
    from histories
),

final as (
    select
        *,
        still_there_rate * {{ purchase_probability(var('forecast_horizon_days')) }}
            as purchase_probability_horizon,
        still_there_rate * {{ purchase_probability(90) }} as purchase_probability_90d
    from still_there
)

select * from final
