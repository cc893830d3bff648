{%- set year_weeks = 12 * weeks_per_month() -%}
{%- set beyond = (1 - var('forecast_interval_rate') | float) / 2 -%}
{%- set so_far = (
    'partition by domain, period, segment, repeat_count, age_days '
    ~ 'order by purchase_count nulls last rows between unbounded preceding and current row'
) %}

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
-- of the interval lies more than so many standard deviations above its mean. What windows sum is
-- a column, because some engines compute it anew for each row.
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

terms as (
    select
        *,
        case
            when purchase_count > 1
                then ln((shape + purchase_count - 2) / (purchase_count - 1) * probability)
            else 0
        end as count_term,
        case
            when purchase_count > 1
                then ln((b + purchase_count - 2) / (a + b + purchase_count - 2))
            else 0
        end as staying_term
    from counts
),

logarithms as (
    select
        *,
        -- Of exactly one purchase less, and of staying after all purchases but the last.
        shape * ln(1 - probability) + sum(count_term) over ({{ so_far }}) as log_one_less,
        sum(staying_term) over ({{ so_far }}) as log_staying
    from terms
),

rates as (
    select
        *,
        {{ safe_exp('log_one_less') }} as one_less_rate
    from logarithms
),

final as (
    select
        domain,
        period,
        segment,
        repeat_count,
        age_days,
        purchase_count,
        {{ safe_exp('log_staying') }} * (1 - sum(one_less_rate) over ({{ so_far }}))
            as at_least_rate
    from rates
)

select * from final
