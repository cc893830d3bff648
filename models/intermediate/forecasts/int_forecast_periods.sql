with domains as (
    {% for domain in ['shop', 'marketing', 'gaming'] if is_built(domain) %}
    select
        '{{ domain }}' as domain,
        {{ as_of_date(domain) }} as as_of_date
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- A domain without data has no date.
dated_domains as (
    select * from domains
    where as_of_date is not null
),

final as (
    select
        domain,
        'forecast' as period,
        as_of_date as fitted_through_date,
        as_of_date
    from dated_domains
    union all
    -- What was known one horizon ago, to be compared with what has happened since.
    select
        domain,
        'backtest' as period,
        cast(
            {{ dbt.dateadd('day', '-' ~ var('forecast_horizon_days'), 'as_of_date') }} as date
        ) as fitted_through_date,
        as_of_date
    from dated_domains
)

select * from final
