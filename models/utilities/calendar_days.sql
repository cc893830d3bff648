{#- Of each domain, the tables and columns whose earliest day opens the calendar. -#}
{%- set day_columns = {
    'marketing': [
        ('stg_campaigns_daily', 'activity_date'),
        ('stg_sessions', 'session_started_at'),
        ('stg_conversions', 'converted_at'),
    ],
    'shop': [('orders', 'order_date')],
    'gaming': [('dim_customer', 'signup_date')],
} -%}

with first_days as (
    {% for domain, columns in day_columns.items() if is_built(domain) %}
    {% for model, column in columns %}
    select cast(min({{ column }}) as date) as first_date from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

last_days as (
    {% for domain in day_columns if is_built(domain) %}
    select {{ as_of_date(domain) }} as last_date
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- From New Year's Day, so that the first month and quarter have their first day.
bounds as (
    select
        cast({{ dbt.date_trunc('year', 'min(first_days.first_date)') }} as date) as first_date,
        max(last_days.last_date) as last_date
    from first_days
    cross join last_days
),

day_numbers as (
    {{ dbt.generate_series((31 * var('max_cohort_months')) | int) }}
),

numbers_before as (
    select cast(1 - generated_number as {{ dbt.type_int() }}) as days_before
    from day_numbers
),

-- Back from the last day: a wrong date long ago costs the oldest days, not the latest.
days as (
    select
        bounds.first_date,
        cast(
            {{ dbt.dateadd('day', 'numbers_before.days_before', 'bounds.last_date') }} as date
        ) as calendar_date
    from bounds
    cross join numbers_before
),

final as (
    select calendar_date
    from days
    where calendar_date >= first_date
)

select * from final
