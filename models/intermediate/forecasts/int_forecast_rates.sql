{%- set beyond = (1 - var('forecast_interval_rate') | float) / 2 -%}

with histories as (
    select * from {{ ref('int_forecast_histories') }}
),

curves as (
    select * from {{ ref('int_forecast_curves') }}
),

tails as (
    select * from {{ ref('int_forecast_tails') }}
),

intervals as (
    select
        histories.domain,
        histories.period,
        histories.segment,
        histories.repeat_count,
        histories.recency_days,
        histories.age_days,
        sum(
            case
                when histories.still_there_rate * tails.at_least_rate >= {{ 1 - beyond }} then 1
                else 0
            end
        ) as lower_bound_count,
        sum(
            case
                when histories.still_there_rate * tails.at_least_rate > {{ beyond }} then 1
                else 0
            end
        ) as upper_bound_count
    from histories
    inner join tails
        on
            histories.domain = tails.domain
            and histories.period = tails.period
            and histories.segment = tails.segment
            and histories.repeat_count = tails.repeat_count
            and histories.age_days = tails.age_days
    group by 1, 2, 3, 4, 5, 6
),

final as (
    select
        histories.domain,
        histories.period,
        histories.segment,
        histories.repeat_count,
        histories.recency_days,
        histories.age_days,
        histories.purchase_probability_horizon,
        histories.purchase_probability_90d,
        histories.still_there_rate * curves.horizon_purchases as expected_purchases,
        histories.still_there_rate * curves.year_purchases as expected_purchases_12m,
        histories.still_there_rate * curves.discounted_purchases as discounted_purchases_12m,
        intervals.lower_bound_count,
        intervals.upper_bound_count
    from histories
    inner join curves
        on
            histories.domain = curves.domain
            and histories.period = curves.period
            and histories.segment = curves.segment
            and histories.repeat_count = curves.repeat_count
            and histories.age_days = curves.age_days
    inner join intervals
        on
            histories.domain = intervals.domain
            and histories.period = intervals.period
            and histories.segment = intervals.segment
            and histories.repeat_count = intervals.repeat_count
            and histories.recency_days = intervals.recency_days
            and histories.age_days = intervals.age_days
)

select * from final
