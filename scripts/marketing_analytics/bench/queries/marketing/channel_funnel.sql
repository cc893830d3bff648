-- How do channels compare, unpaid traffic included?
create or replace temp macro ratio(a, b) as coalesce(a::double / nullif(b, 0), 0);

create or replace temp macro wilson(k, n, side) as
case
    when n > 0 and k between 0 and n then greatest(0, least(1,
        (k + 1.9207294103470203e0 + side * 1.959963984540054e0 * sqrt(k::double * (n - k) / n + 0.9603647051735101e0))
        / (n + 3.8414588206940406e0)
    ))
end;

-- Newcombe's interval of a difference of two rates.
create or replace temp macro newcombe(k, n, l, m, side) as
    k / n - l / m + side * sqrt(
        pow(k / n - wilson(k, n, side), 2) + pow(l / m - wilson(l, m, -side), 2)
    );

create or replace temp macro pooled_z(k, n, l, m) as
if(
    k between 10 and n and l between 10 and m,
    (k / n - l / m)
    / nullif(sqrt((k + l) / (n + m) * (1 - (k + l) / (n + m)) * (1 / n + 1 / m)), 0),
    null
);

-- Two-sided tail of the normal distribution: the series of the error function, from 2 on Craig's integral.
create or replace temp macro two_sided(z) as
if(
    abs(z) < 2,
    1 - list_sum([
        sqrt(2 / pi()) * abs(z) * pow(-z * z / 2, n) / (gamma(n + 1) * (2 * n + 1))
        for n in range(40)
    ]),
    list_sum([exp(-z * z / 2 / pow(sin((n + 0.5) * pi() / 800), 2)) for n in range(400)]) / 400
);

with as_of as (
    select least(greatest(
        (select max(date) from marketing_raw.campaigns_daily),
        (select max(session_start)::date from marketing_raw.sessions),
        (select max(timestamp)::date from marketing_raw.conversions),
        (select max(timestamp)::date from marketing_raw.attribution_touchpoints)
    ), (now() at time zone 'UTC')::date) as day
),

campaigns as (
    select
        campaign_id,
        coalesce(arg_max(channel, date), 'unknown') as channel,
        coalesce(sum(impressions), 0) as impressions,
        coalesce(sum(clicks), 0) as clicks,
        coalesce(sum(spend), 0) as spend
    from marketing_raw.campaigns_daily
    where date <= (select day from as_of)
    group by all
),

ads as (
    select channel, sum(impressions) as impressions, sum(clicks) as clicks, sum(spend) as spend
    from campaigns
    group by all
),

visits as (
    select coalesce(campaigns.channel, counted.channel, 'unknown') as channel, sum(sessions) as sessions
    from (
        select campaign_id, channel, count(*) as sessions
        from marketing_raw.sessions
        where session_start < (select day + 1 from as_of)
        group by all
    ) as counted
    left join campaigns using (campaign_id)
    group by all
),

-- The channel of a conversion: that of its campaign, or of its session where no known campaign has it.
sales as (
    select
        coalesce(credited.channel, of_session.channel, sessions.channel, 'unknown') as channel,
        count(*) as conversions,
        coalesce(sum(conversion_value), 0) as revenue
    from marketing_raw.conversions
    left join campaigns as credited on attributed_campaign_id = credited.campaign_id
    left join marketing_raw.sessions
        on
            credited.channel is null
            and conversions.session_id = sessions.session_id
            and session_start < (select day + 1 from as_of)
    left join campaigns as of_session
        on attributed_campaign_id is null and sessions.campaign_id = of_session.campaign_id
    where timestamp < (select day + 1 from as_of)
    group by all
),

stages as (
    select
        channel,
        coalesce(impressions, 0) as impressions,
        coalesce(clicks, 0) as clicks,
        coalesce(sessions, 0) as sessions,
        coalesce(conversions, 0) as conversions,
        coalesce(spend, 0) as spend,
        coalesce(revenue, 0) as revenue
    from ads
    full join visits using (channel)
    full join sales using (channel)
),

tested as (
    select
        *,
        sum(clicks) over () - clicks as other_clicks,
        sum(impressions) over () - impressions as other_impressions,
        sum(conversions) over () - conversions as other_conversions,
        sum(sessions) over () - sessions as other_sessions,
        pooled_z(clicks, impressions, other_clicks, other_impressions) as click_z,
        pooled_z(conversions, sessions, other_conversions, other_sessions) as close_z,
        newcombe(clicks, nullif(impressions, 0), other_clicks, nullif(other_impressions, 0), -1) as click_low,
        newcombe(clicks, nullif(impressions, 0), other_clicks, nullif(other_impressions, 0), 1) as click_high,
        newcombe(conversions, nullif(sessions, 0), other_conversions, nullif(other_sessions, 0), -1) as close_low,
        newcombe(conversions, nullif(sessions, 0), other_conversions, nullif(other_sessions, 0), 1) as close_high
    from stages
),

-- Holm's adjustment: the smallest p times the number of tests, the next times one less, never falling.
ranked as (
    select
        *,
        row_number() over (order by abs(click_z) desc nulls last, channel) as click_rank,
        row_number() over (order by abs(close_z) desc nulls last, channel) as close_rank,
        two_sided(click_z) * (count(click_z) over () - click_rank + 1) as click_p,
        two_sided(close_z) * (count(close_z) over () - close_rank + 1) as close_p
    from tested
),

judged as (
    select
        *,
        if(click_z is null, null, least(1, max(click_p) over (order by click_rank))) as click_holm,
        if(close_z is null, null, least(1, max(close_p) over (order by close_rank))) as close_holm
    from ranked
)

select
    channel,
    impressions as total_impressions,
    clicks as total_clicks,
    sessions as total_sessions,
    conversions as total_conversions,
    ratio(clicks, impressions) as click_through_rate,
    ratio(sessions, clicks) as click_to_session_rate,
    ratio(conversions, sessions) as session_to_conversion_rate,
    ratio(conversions, impressions) as overall_funnel_efficiency,
    spend as spend_amount,
    revenue as revenue_amount,
    spend::double / nullif(clicks, 0) as cost_per_click,
    spend::double / nullif(conversions, 0) as cost_per_acquisition,
    revenue::double / nullif(spend, 0) as return_on_ad_spend_ratio,
    greatest(impressions - clicks, 0) as impression_to_click_lost_count,
    if(impressions > clicks, 1 - ratio(clicks, impressions), 0) as impression_to_click_lost_rate,
    greatest(clicks - sessions, 0) as click_to_session_lost_count,
    if(clicks > sessions, 1 - ratio(sessions, clicks), 0) as click_to_session_lost_rate,
    greatest(sessions - conversions, 0) as session_to_conversion_lost_count,
    if(sessions > conversions, 1 - ratio(conversions, sessions), 0) as session_to_conversion_lost_rate,
    wilson(clicks, impressions, -1) as click_through_lower_bound,
    wilson(clicks, impressions, 1) as click_through_upper_bound,
    wilson(sessions, clicks, -1) as click_to_session_lower_bound,
    wilson(sessions, clicks, 1) as click_to_session_upper_bound,
    wilson(conversions, sessions, -1) as session_to_conversion_lower_bound,
    wilson(conversions, sessions, 1) as session_to_conversion_upper_bound,
    wilson(conversions, impressions, -1) as overall_funnel_lower_bound,
    wilson(conversions, impressions, 1) as overall_funnel_upper_bound,
    if(click_low is null, null, clicks / impressions - other_clicks / other_impressions) as click_through_difference,
    click_low as click_through_difference_lower_bound,
    click_high as click_through_difference_upper_bound,
    click_holm as click_through_p_value,
    case
        when click_low is null then 'no rate'
        when click_z is null then 'too few'
        when click_holm >= 0.05 then 'no clear difference'
        when click_z > 0 then 'higher'
        else 'lower'
    end as click_through_comparison,
    if(close_low is null, null, conversions / sessions - other_conversions / other_sessions)
        as session_to_conversion_difference,
    close_low as session_to_conversion_difference_lower_bound,
    close_high as session_to_conversion_difference_upper_bound,
    close_holm as session_to_conversion_p_value,
    case
        when close_low is null then 'no rate'
        when close_z is null then 'too few'
        when close_holm >= 0.05 then 'no clear difference'
        when close_z > 0 then 'higher'
        else 'lower'
    end as session_to_conversion_comparison,
    (select day from as_of) as as_of_date
from judged
