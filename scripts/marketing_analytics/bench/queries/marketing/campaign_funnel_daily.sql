-- Where does each campaign lose people, day by day?
with as_of as (
    select least(greatest(
        (select max(date) from marketing_raw.campaigns_daily),
        (select max(session_start)::date from marketing_raw.sessions),
        (select max(timestamp)::date from marketing_raw.conversions),
        (select max(timestamp)::date from marketing_raw.attribution_touchpoints)
    ), (now() at time zone 'UTC')::date) as day
),

ads as (
    select
        campaign_id,
        date as day,
        sum(impressions) as impressions,
        sum(clicks) as clicks,
        sum(spend) as spend
    from marketing_raw.campaigns_daily
    where date <= (select day from as_of)
    group by all
),

campaigns as (
    select
        campaign_id,
        arg_max(campaign_name, date) as campaign_name,
        arg_max(channel, date) as channel
    from marketing_raw.campaigns_daily
    where date <= (select day from as_of)
    group by all
),

visits as (
    select coalesce(campaign_id, '(none)') as campaign_id, session_start::date as day, count(*) as sessions
    from marketing_raw.sessions
    where session_start < (select day + 1 from as_of)
    group by all
),

-- Only a conversion that the platform credits to nobody needs its session.
sales as (
    select
        coalesce(conversions.attributed_campaign_id, sessions.campaign_id, '(none)') as campaign_id,
        timestamp::date as day,
        count(*) as conversions,
        sum(conversion_value) as revenue
    from marketing_raw.conversions
    left join marketing_raw.sessions
        on
            conversions.session_id = sessions.session_id
            and conversions.attributed_campaign_id is null
            and session_start < (select day + 1 from as_of)
    where timestamp < (select day + 1 from as_of)
    group by all
)

select
    campaign_id,
    day as activity_date,
    campaign_name,
    coalesce(channel, 'unknown') as channel,
    case
        when campaign_id = '(none)' then 'no campaign'
        when campaigns.campaign_id is null then 'unknown campaign'
        when ads.campaign_id is null then 'no ad data on the day'
        when sessions is null and conversions is null then 'no site data on the day'
        else 'ad and site data'
    end as data_match,
    coalesce(impressions, 0) as total_impressions,
    coalesce(clicks, 0) as total_clicks,
    coalesce(sessions, 0) as total_sessions,
    coalesce(conversions, 0) as total_conversions,
    coalesce(clicks / nullif(impressions, 0), 0) as click_through_rate,
    coalesce(sessions / nullif(clicks, 0), 0) as click_to_session_rate,
    coalesce(conversions / sessions, 0) as session_to_conversion_rate,
    coalesce(conversions / nullif(impressions, 0), 0) as overall_funnel_efficiency,
    coalesce(spend, 0) as spend_amount,
    coalesce(revenue, 0) as revenue_amount,
    (select day from as_of) as as_of_date
from ads
full join visits using (campaign_id, day)
full join sales using (campaign_id, day)
left join campaigns using (campaign_id)
