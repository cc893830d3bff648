with latest_days as (
    {% for model, column in [
        ('stg_signups', 'signup_timestamp'),
        ('stg_deposits', 'deposit_timestamp'),
        ('stg_ticket_purchases', 'purchase_timestamp'),
        ('stg_web_events', 'event_timestamp'),
        ('stg_funnel_spend', 'spend_date'),
    ] -%}
    -- The day of the latest time, not the latest day of all times: an engine knows the greatest
    -- value of a column without reading it.
    select cast(max({{ column }}) as date) as latest_date from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

latest_day as (
    select max(latest_date) as latest_date from latest_days
),

final as (
    select {{ as_of_date_from('latest_date') }} as as_of_date
    from latest_day
)

select * from final
