-- Which channel brings customers that keep buying and pay back?
with as_of as (
    select least(greatest(
        (select max(date) from marketing_raw.campaigns_daily),
        (select max(session_start)::date from marketing_raw.sessions),
        (select max(timestamp)::date from marketing_raw.conversions),
        (select max(timestamp)::date from marketing_raw.attribution_touchpoints)
    ), (now() at time zone 'UTC')::date) as day
),

buyer_months as (
    select
        user_id,
        datetrunc('month', timestamp)::date as month,
        count(*) as purchases,
        coalesce(sum(conversion_value), 0) as revenue
    from marketing_raw.conversions
    where user_id is not null and timestamp < (select day + 1 from as_of)
    group by all
),

first_sessions as (
    select user_id, arg_min_null(channel, (session_start, session_id)) as channel
    from marketing_raw.sessions
    where
        user_id in (select user_id from buyer_months)
        and session_start < (select day + 1 from as_of)
    group by all
),

buyers as (
    select
        user_id,
        min(month) as cohort,
        sum(purchases) as purchases,
        sum(revenue) as revenue
    from buyer_months
    group by all
),

-- Revenue by months since the first purchase, for the month in which it has paid the spend back.
aged as (
    select
        coalesce(channel, 'unknown') as channel,
        datediff('month', cohort, month) as age,
        sum(buyer_months.revenue) as revenue
    from buyer_months
    join buyers using (user_id)
    left join first_sessions using (user_id)
    group by all
),

per_channel as (
    select
        coalesce(channel, 'unknown') as channel,
        count(*) as customers,
        count(*) filter (purchases > 1) as repeaters,
        count(*) filter (revenue >= 500) as high,
        count(*) filter (revenue >= 100 and revenue < 500) as medium,
        count(*) filter (revenue < 100) as low,
        sum(purchases) as purchases,
        sum(revenue) as revenue
    from buyers
    left join first_sessions using (user_id)
    group by all
),

campaigns as (
    select
        coalesce(arg_max(channel, date), 'unknown') as channel,
        coalesce(sum(spend), 0) as spend
    from marketing_raw.campaigns_daily
    where date <= (select day from as_of)
    group by campaign_id
),

spends as (
    select channel, sum(spend) as spend from campaigns group by all
),

paybacks as (
    select channel, min(age) as age
    from (
        select channel, age, spend, sum(aged.revenue) over (partition by channel order by age) as so_far
        from aged
        join spends using (channel)
    )
    where spend > 0 and so_far * 0.6 >= spend
    group by all
)

select
    channel as acquisition_channel,
    coalesce(customers, 0) as customer_count,
    coalesce(repeaters, 0) as repeat_customer_count,
    coalesce(repeaters / customers, 0) as repeat_rate,
    coalesce(high, 0) as high_customer_count,
    coalesce(medium, 0) as medium_customer_count,
    coalesce(low, 0) as low_customer_count,
    coalesce(purchases, 0) as purchase_count,
    coalesce(revenue, 0) as revenue_amount,
    revenue::double / customers as revenue_per_customer,
    revenue::double / purchases as avg_order_value,
    purchases::double / customers as purchases_per_customer,
    coalesce(spend, 0) as spend_amount,
    coalesce(spend, 0)::double / customers as acquisition_cost,
    coalesce(revenue, 0)::double * 0.6::double / nullif(spend::double, 0) as value_to_cost_ratio,
    age as months_to_payback,
    (select day from as_of) as as_of_date
from per_channel
full join spends using (channel)
left join paybacks using (channel)
