with activity as (
    select * from {{ ref('int_cohort_activity') }}
),

-- All members buy in their cohort's own month: that is how they became members.
cohorts as (
    select
        cohort_month,
        active_customer_count as cohort_size
    from activity
    where activity_month = cohort_month
),

month_numbers as (
    {{ dbt.generate_series(var('max_cohort_months')) }}
),

months_since as (
    select cast(generated_number - 1 as {{ dbt.type_int() }}) as months_since_first_purchase
    from month_numbers
),

-- Every month up to the as-of date has a row, also one without any order.
final as (
    select
        cohorts.cohort_month,
        cohorts.cohort_size,
        months_since.months_since_first_purchase,
        cast(
            {{ dbt.dateadd(
                'month', 'months_since.months_since_first_purchase', 'cohorts.cohort_month'
            ) }} as date
        ) as activity_month
    from cohorts
    cross join months_since
    where
        months_since.months_since_first_purchase
        <= {{ dbt.datediff('cohorts.cohort_month', as_of_date('shop'), 'month') }}
)

select * from final
