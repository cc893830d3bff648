{%- set year_weeks = 12 * weeks_per_month() -%}
{%- set beyond = (1 - var('forecast_interval_rate') | float) / 2 -%}

with curves as (
    select
        *,
        shape * {{ year_weeks }} / weeks_scale as mean_count,
        {{ year_weeks }} / (weeks_scale + {{ year_weeks }}) as probability
    from {{ ref('int_forecast_curves') }}
),

numbers as (
    {{ dbt.generate_series(366) }}
),

-- Without leaving, the number of purchases is negative binomial. By Cantelli's inequality no bound
-- of the interval lies more than so many standard deviations above its mean.
counts as (
    select
        curves.*,
        cast(numbers.generated_number as {{ dbt.type_bigint() }}) as purchase_count
    from curves
    cross join numbers
    where
        numbers.generated_number <= 1 + curves.mean_count + sqrt(
            {{ (1 - beyond) / beyond }} * curves.mean_count / (1 - curves.probability)
        )
),

logarithms as (
    select
        *,
        -- Of exactly one purchase less.
        shape * ln(1 - probability) + sum(
            case
                when purchase_count > 1
                    then ln((shape + purchase_count - 2) / (purchase_count - 1) * probability)
                else 0
            end
        ) over (
            partition by domain, period, segment, repeat_count, age_days
            order by purchase_count nulls last rows between unbounded preceding and current row
        ) as log_one_less,
        -- Of staying after all purchases but the last.
        sum(
            case
                when purchase_count > 1
                    then ln((b + purchase_count - 2) / (a + b + purchase_count - 2))
                else 0
            end
        ) over (
            partition by domain, period, segment, repeat_count, age_days
            order by purchase_count nulls last rows between unbounded preceding and current row
        ) as log_staying
    from counts
),

final as (
    select
        domain,
        period,
        segment,
        repeat_count,
        age_days,
        purchase_count,
        {{ safe_exp('log_staying') }} * (
            1 - sum({{ safe_exp('log_one_less') }}) over (
                partition by domain, period, segment, repeat_count, age_days
                order by purchase_count nulls last rows between unbounded preceding and current row
            )
        ) as at_least_rate
    from logarithms
)

select * from final
