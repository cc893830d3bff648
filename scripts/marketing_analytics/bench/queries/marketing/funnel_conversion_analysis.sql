-- Where does each campaign lose people, what does it cost, what to do?
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
        arg_max(campaign_name, date) as campaign_name,
        coalesce(arg_max(channel, date), 'unknown') as channel,
        coalesce(sum(impressions), 0) as impressions,
        coalesce(sum(clicks), 0) as clicks,
        coalesce(sum(spend), 0) as spend
    from marketing_raw.campaigns_daily
    where date <= (select day from as_of)
    group by all
),

visits as (
    select campaign_id, count(*) as sessions
    from marketing_raw.sessions
    where session_start < (select day + 1 from as_of)
    group by all
),

-- Only a conversion that the platform credits to nobody needs its session.
sales as (
    select campaign_id, count(*) as conversions, coalesce(sum(conversion_value), 0) as revenue
    from (
        select attributed_campaign_id as campaign_id, conversion_value
        from marketing_raw.conversions
        where attributed_campaign_id is not null and timestamp < (select day + 1 from as_of)
        union all
        select sessions.campaign_id, conversion_value
        from marketing_raw.conversions
        join marketing_raw.sessions using (session_id)
        where
            attributed_campaign_id is null
            and timestamp < (select day + 1 from as_of)
            and session_start < (select day + 1 from as_of)
    )
    group by all
),

stages as (
    select
        campaigns.*,
        coalesce(sessions, 0) as sessions,
        coalesce(conversions, 0) as conversions,
        coalesce(revenue, 0) as revenue,
        ratio(clicks, impressions) as ctr,
        ratio(sessions, clicks) as arrival,
        ratio(conversions, sessions) as closing,
        ratio(conversions, impressions) as overall
    from campaigns
    left join visits using (campaign_id)
    left join sales using (campaign_id)
),

medians as (
    select
        median(ctr) filter (impressions >= 1000) as median_ctr,
        median(arrival) filter (clicks >= 50) as median_arrival,
        median(closing) filter (sessions >= 50) as median_closing,
        sum(impressions) as all_impressions,
        sum(clicks) as all_clicks,
        sum(sessions) as all_sessions,
        sum(conversions) as all_conversions,
        ratio(sum(revenue), sum(conversions)) as mean_value
    from stages
),

-- How many conversions more each step would give at the median campaign's rate.
lost as (
    select
        *,
        if(clicks >= 50, arrival, coalesce(median_arrival, 0)) as onward_arrival,
        if(sessions >= 50, closing, coalesce(median_closing, 0)) as onward_closing,
        if(impressions >= 1000 and ctr < median_ctr, (median_ctr - ctr) * impressions, 0)
        * onward_arrival * onward_closing as lost_1,
        if(clicks >= 50 and arrival < median_arrival, (median_arrival - arrival) * clicks, 0)
        * onward_closing as lost_2,
        if(sessions >= 50 and closing < median_closing, (median_closing - closing) * sessions, 0) as lost_3
    from stages, medians
),

leaks as (
    select
        *,
        case
            when lost_1 > 0 and lost_1 >= lost_2 and lost_1 >= lost_3 then 'impression_to_click'
            when lost_2 > 0 and lost_2 >= lost_3 then 'click_to_session'
            when lost_3 > 0 then 'session_to_conversion'
            else 'none'
        end as leak,
        case leak
            when 'impression_to_click' then {rate: ctr, mid: median_ctr, high: wilson(clicks, impressions, 1), lost: lost_1}
            when 'click_to_session' then {rate: arrival, mid: median_arrival, high: wilson(sessions, clicks, 1), lost: lost_2}
            when 'session_to_conversion' then {rate: closing, mid: median_closing, high: wilson(conversions, sessions, 1), lost: lost_3}
            else {rate: null, mid: null, high: null, lost: lost_3}
        end as worst,
        coalesce(worst['high'] < worst['mid'], false) as is_proved,
        worst['lost'] * if(conversions > 0, ratio(revenue, conversions), mean_value) as lost_revenue,
        impressions >= 1000 as has_impressions,
        sessions >= 50 as has_sessions,
        has_impressions and (has_sessions or (is_proved and leak in ('impression_to_click', 'click_to_session')))
            as is_rated,
        case
            when spend = 0 then 'no_spend'
            when revenue * 0.6 < 0.5 * spend then 'heavy_loss'
            when revenue * 0.6 < spend then 'loss'
            when revenue * 0.6 < 2 * spend then 'profit'
            else 'strong'
        end as band
    from lost
),

tested as (
    select
        *,
        percent_rank() over (partition by impressions > 0 order by overall) as overall_rank,
        count(*) over (partition by impressions > 0) as overall_count,
        percent_rank() over (partition by has_impressions order by ctr desc) as ctr_rank,
        percent_rank() over (partition by has_sessions order by closing) as closing_rank,
        all_clicks - clicks as other_clicks,
        all_impressions - impressions as other_impressions,
        all_conversions - conversions as other_conversions,
        all_sessions - sessions as other_sessions,
        pooled_z(clicks, impressions, other_clicks, other_impressions) as click_z,
        pooled_z(conversions, sessions, other_conversions, other_sessions) as close_z,
        newcombe(clicks, nullif(impressions, 0), other_clicks, nullif(other_impressions, 0), -1) as click_low,
        newcombe(clicks, nullif(impressions, 0), other_clicks, nullif(other_impressions, 0), 1) as click_high,
        newcombe(conversions, nullif(sessions, 0), other_conversions, nullif(other_sessions, 0), -1) as close_low,
        newcombe(conversions, nullif(sessions, 0), other_conversions, nullif(other_sessions, 0), 1) as close_high
    from leaks
),

-- Holm's adjustment: the smallest p times the number of tests, the next times one less, never falling.
ranked as (
    select
        *,
        row_number() over (order by abs(click_z) desc nulls last, campaign_id) as click_rank,
        row_number() over (order by abs(close_z) desc nulls last, campaign_id) as close_rank,
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
    campaign_id,
    campaign_name,
    channel,
    impressions as total_impressions,
    clicks as total_clicks,
    sessions as total_sessions,
    conversions as total_conversions,
    ctr as click_through_rate,
    arrival as click_to_session_rate,
    closing as session_to_conversion_rate,
    overall as overall_funnel_efficiency,
    case when impressions > 0 and overall_count = 1 then 1 when impressions > 0 then overall_rank end
        as funnel_efficiency_score,
    spend as spend_amount,
    revenue as revenue_amount,
    spend::double / nullif(clicks, 0) as cost_per_click,
    spend::double / nullif(conversions, 0) as cost_per_acquisition,
    revenue::double / nullif(spend, 0) as return_on_ad_spend_ratio,
    greatest(impressions - clicks, 0) as impression_to_click_lost_count,
    if(impressions > clicks, 1 - ctr, 0) as impression_to_click_lost_rate,
    greatest(clicks - sessions, 0) as click_to_session_lost_count,
    if(clicks > sessions, 1 - arrival, 0) as click_to_session_lost_rate,
    greatest(sessions - conversions, 0) as session_to_conversion_lost_count,
    if(sessions > conversions, 1 - closing, 0) as session_to_conversion_lost_rate,
    wilson(clicks, impressions, -1) as click_through_lower_bound,
    wilson(clicks, impressions, 1) as click_through_upper_bound,
    wilson(sessions, clicks, -1) as click_to_session_lower_bound,
    wilson(sessions, clicks, 1) as click_to_session_upper_bound,
    wilson(conversions, sessions, -1) as session_to_conversion_lower_bound,
    wilson(conversions, sessions, 1) as session_to_conversion_upper_bound,
    wilson(conversions, impressions, -1) as overall_funnel_lower_bound,
    wilson(conversions, impressions, 1) as overall_funnel_upper_bound,
    leak as leak_step,
    worst.rate as leak_step_rate,
    worst.mid as leak_median_rate,
    worst.lost as leak_lost_conversions,
    lost_revenue as leak_lost_revenue,
    is_proved as is_leak_significant,
    coalesce(
        has_impressions and has_sessions and ctr_rank <= 0.25 and closing_rank <= 0.25
        and ctr > median_ctr and closing < median_closing,
        false
    ) as is_high_click_through_low_conversion,
    is_rated,
    band as return_band,
    recommended_action,
    recommended_action_reason,
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
left join rules.campaign_actions
    on
        evidence = if(is_rated, 'rated', 'too_little')
        and leak_step = if(is_proved, leak, 'none')
        and return_band = band
