-- Do newer customers pay back sooner?
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
    select user_id, min(month) as cohort, sum(purchases) as purchases
    from buyer_months
    group by all
),

channels_of_buyers as (
    select user_id, cohort, purchases, coalesce(channel, 'unknown') as channel
    from buyers
    left join first_sessions using (user_id)
),

months as (
    select
        channel,
        cohort,
        month,
        count(*) filter (month = cohort) as customers,
        count(*) filter (month = cohort and channels_of_buyers.purchases > 1) as repeaters,
        sum(buyer_months.purchases) as purchases,
        sum(revenue) as revenue
    from buyer_months
    join channels_of_buyers using (user_id)
    group by all
),

latest_channels as (
    select campaign_id, coalesce(arg_max(channel, date), 'unknown') as channel
    from marketing_raw.campaigns_daily
    where date <= (select day from as_of)
    group by all
),

spends as (
    select
        latest_channels.channel,
        datetrunc('month', date)::date as cohort,
        coalesce(sum(spend), 0) as spend
    from marketing_raw.campaigns_daily
    join latest_channels using (campaign_id)
    where date <= (select day from as_of)
    group by all
),

so_far as (
    select
        *,
        sum(revenue) over (partition by channel, cohort order by month) as total
    from months
    left join spends using (channel, cohort)
),

cohorts as (
    select
        channel,
        cohort,
        sum(customers) as customers,
        sum(repeaters) as repeaters,
        sum(purchases) as purchases,
        sum(revenue) as revenue,
        min(month) filter (spend > 0 and total * 0.6 >= spend) as payback
    from so_far
    group by all
)

select
    channel as acquisition_channel,
    cohort as cohort_month,
    coalesce(customers, 0) as customer_count,
    coalesce(repeaters, 0) as repeat_customer_count,
    coalesce(repeaters::double / customers, 0) as repeat_rate,
    coalesce(purchases, 0) as purchase_count,
    coalesce(revenue, 0) as revenue_amount,
    revenue::double / customers as revenue_per_customer,
    coalesce(spend, 0) as spend_amount,
    coalesce(spend, 0)::double / customers as acquisition_cost,
    coalesce(revenue, 0)::double * 0.6::double / nullif(spend::double, 0) as value_to_cost_ratio,
    payback as payback_month,
    datediff('month', cohort, payback) as months_to_payback,
    datediff('month', cohort, (select day from as_of)) as months_observed,
    (select day from as_of) as as_of_date
from cohorts
full join spends using (channel, cohort)
