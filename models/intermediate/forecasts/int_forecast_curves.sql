-- When a customer was here last does not matter to what follows while the customer is still there.
with histories as (
    select distinct
        domain,
        period,
        segment,
        repeat_count,
        age_days,
        a,
        b,
        shape,
        weeks_scale
    from {{ ref('int_forecast_histories') }}
),

numbers as (
    {{ dbt.generate_series(121) }}
),

-- A mean over the beta distributed probability p is a sum over even steps of ln(p / (1 - p)), to
-- ten digits; the first and the last step stand for the geometric series of all beyond them.
points as (
    select
        histories.*,
        numbers.generated_number as point_number,
        numbers.generated_number - 61 as place,
        least(0.4, 0.5 * sqrt(1 / histories.a + 1 / histories.b)) as step,
        ln(histories.a / histories.b) as middle
    from histories
    cross join numbers
),

probabilities as (
    select
        *,
        1 / (1 + {{ safe_exp('-middle - step * place') }}) as p,
        {{ safe_exp(
            'a * step * place - (a + b) * ln('
            ~ '(1 + exp(middle + step * place)) / (1 + exp(middle)))'
        ) }} / case
            when point_number = 1 then 1 - {{ safe_exp('-a * step') }}
            when point_number = 121 then 1 - {{ safe_exp('-b * step') }}
            else 1
        end as weight
    from points
),

points_with_purchases as (
    select
        *,
        {{ purchases_until_leaving(
            'p', 'shape', 'weeks_scale', var('forecast_horizon_days') ~ ' / 7.0'
        ) }} as horizon_purchases,
        {{ purchases_until_leaving('p', 'shape', 'weeks_scale', 12 * weeks_per_month()) }}
            as year_purchases,
        {{ discounted_until_leaving('p', 'shape', 'weeks_scale') }} as discounted_purchases
    from probabilities
),

final as (
    select
        domain,
        period,
        segment,
        repeat_count,
        age_days,
        a,
        b,
        shape,
        weeks_scale,
        {{ exact_sum('weight * horizon_purchases') }} / {{ exact_sum('weight') }}
            as horizon_purchases,
        {{ exact_sum('weight * year_purchases') }} / {{ exact_sum('weight') }} as year_purchases,
        {{ exact_sum('weight * discounted_purchases') }} / {{ exact_sum('weight') }}
            as discounted_purchases
    from points_with_purchases
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9
)

select * from final
