-- What is each buyer worth, and which channel brought them?
with as_of as (
    select least(greatest(
        (select max(date) from marketing_raw.campaigns_daily),
        (select max(session_start)::date from marketing_raw.sessions),
        (select max(timestamp)::date from marketing_raw.conversions),
        (select max(timestamp)::date from marketing_raw.attribution_touchpoints)
    ), (now() at time zone 'UTC')::date) as day
),

buyers as (
    select
        user_id,
        min(timestamp) as first_at,
        max(timestamp) as last_at,
        count(*) as purchases,
        coalesce(sum(conversion_value), 0) as revenue
    from marketing_raw.conversions
    where user_id is not null and timestamp < (select day + 1 from as_of)
    group by all
),

first_sessions as (
    select user_id, arg_min_null(channel, (session_start, session_id)) as channel
    from marketing_raw.sessions
    where user_id in (select user_id from buyers) and session_start < (select day + 1 from as_of)
    group by all
)

select
    user_id,
    coalesce(channel, 'unknown') as acquisition_channel,
    first_at::date as first_purchase_date,
    last_at::date as last_purchase_date,
    purchases as total_conversions,
    revenue as total_revenue,
    revenue::double / purchases as avg_order_value,
    datediff('day', first_at, last_at) as days_since_first_purchase,
    case when revenue >= 500 then 'high' when revenue >= 100 then 'medium' else 'low' end as ltv_segment,
    purchases > 1 as is_repeat_customer,
    date_trunc('month', first_at)::date as cohort_month,
    (select day from as_of) as as_of_date
from buyers
left join first_sessions using (user_id)
