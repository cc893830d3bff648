-- Can I trust the totals? What was left out, and why?
-- The marts' totals are those of their rows, campaigns and buyers: a sum that skips them proves nothing.
with as_of as (
    select least(greatest(
        (select max(date) from marketing_raw.campaigns_daily),
        (select max(session_start)::date from marketing_raw.sessions),
        (select max(timestamp)::date from marketing_raw.conversions),
        (select max(timestamp)::date from marketing_raw.attribution_touchpoints)
    ), (now() at time zone 'UTC')::date) as day
),

campaigns as (
    select distinct campaign_id
    from marketing_raw.campaigns_daily
    where date <= (select day from as_of)
),

ads as (
    select
        coalesce(sum(impressions), 0) as impressions,
        coalesce(sum(clicks), 0) as clicks,
        coalesce(sum(spend), 0) as spend,
        coalesce(sum(impressions) filter (date > day), 0) as late_impressions,
        coalesce(sum(clicks) filter (date > day), 0) as late_clicks,
        coalesce(sum(spend) filter (date > day), 0) as late_spend
    from marketing_raw.campaigns_daily, as_of
),

counted_visits as (
    select campaign_id, count(*) as sessions, count(*) filter (session_start::date > day) as late
    from marketing_raw.sessions, as_of
    group by campaign_id
),

visits as (
    select
        coalesce(sum(sessions), 0) as sessions,
        coalesce(sum(late), 0) as late,
        coalesce(sum(sessions - late) filter (counted_visits.campaign_id is null), 0) as no_campaign,
        coalesce(sum(sessions - late) filter (
            counted_visits.campaign_id is not null and campaigns.campaign_id is null
        ), 0) as unknown
    from counted_visits
    left join campaigns using (campaign_id)
),

-- Only a conversion that the platform credits to nobody needs its session.
counted_sales as (
    select
        coalesce(attributed_campaign_id, sessions.campaign_id) as campaign_id,
        attributed_campaign_id is not null as is_attributed,
        timestamp::date > day as is_late,
        count(*) as conversions,
        coalesce(sum(conversion_value), 0) as revenue
    from marketing_raw.conversions
    cross join as_of
    left join marketing_raw.sessions
        on
            attributed_campaign_id is null
            and conversions.session_id = sessions.session_id
            and session_start::date <= day
    group by all
),

named_sales as (
    select
        case
            when is_late then 'late'
            when counted_sales.campaign_id is null then 'none'
            when campaigns.campaign_id is null then 'unknown'
            when is_attributed then 'attributed'
            else 'session'
        end as outcome,
        conversions,
        revenue
    from counted_sales
    left join campaigns using (campaign_id)
),

sales as (
    select
        map_from_entries(list((outcome, conversions))) as conversions,
        map_from_entries(list((outcome, revenue))) as revenue
    from (select outcome, sum(conversions) as conversions, sum(revenue) as revenue from named_sales group by all)
),

-- The rows of the funnel, and their totals.
funnel as (
    select
        coalesce(sum(ads.impressions), 0) as impressions,
        coalesce(sum(ads.clicks), 0) as clicks,
        coalesce(sum(ads.spend), 0) as spend,
        coalesce(sum(visits.sessions), 0) as sessions,
        coalesce(sum(sales.conversions), 0) as conversions,
        coalesce(sum(sales.revenue), 0) as revenue
    from (
        select campaign_id, sum(impressions) as impressions, sum(clicks) as clicks, sum(spend) as spend
        from marketing_raw.campaigns_daily
        where date <= (select day from as_of)
        group by all
    ) as ads
    left join (
        select campaign_id, sum(sessions - late) as sessions from counted_visits group by all
    ) as visits using (campaign_id)
    left join (
        select campaign_id, sum(conversions) as conversions, sum(revenue) as revenue
        from counted_sales
        where not is_late
        group by all
    ) as sales using (campaign_id)
),

buyer_ids as (
    select user_id
    from marketing_raw.conversions
    where user_id is not null and timestamp < (select day + 1 from as_of)
),

-- The rows of the buyers, each with the channel of the first session.
first_sessions as (
    select user_id, arg_min_null(channel, (session_start, session_id)) as channel
    from marketing_raw.sessions
    where
        user_id in (from buyer_ids)
        and session_start < (select day + 1 from as_of)
    group by all
),

customers as (
    select coalesce(sum(revenue), 0) as revenue, count(channel) as with_channel
    from (
        select user_id, coalesce(sum(conversion_value), 0) as revenue
        from marketing_raw.conversions
        where user_id is not null and timestamp < (select day + 1 from as_of)
        group by all
    )
    left join first_sessions using (user_id)
),

buyers as (
    select
        coalesce(sum(conversion_value), 0) as revenue,
        coalesce(sum(conversion_value) filter (timestamp::date > day), 0) as late,
        coalesce(sum(conversion_value) filter (timestamp::date <= day and user_id is null), 0) as no_user
    from marketing_raw.conversions, as_of
),

stages(stage, source, mart, attributed, of_session, no_campaign, unknown, no_user, late) as (
    select 'impressions', ads.impressions, funnel.impressions, 0, 0, 0, 0, 0, late_impressions from ads, funnel
    union all
    select 'clicks', ads.clicks, funnel.clicks, 0, 0, 0, 0, 0, late_clicks from ads, funnel
    union all
    select 'spend', ads.spend, funnel.spend, 0, 0, 0, 0, 0, late_spend from ads, funnel
    union all
    select 'sessions', visits.sessions, funnel.sessions, 0, 0, no_campaign, unknown, 0, late from visits, funnel
    union all
    select
        'conversions',
        list_sum(map_values(sales.conversions)),
        funnel.conversions,
        sales.conversions['attributed'],
        sales.conversions['session'],
        sales.conversions['none'],
        sales.conversions['unknown'],
        0,
        sales.conversions['late']
    from sales, funnel
    union all
    select
        'conversion value',
        list_sum(map_values(sales.revenue)),
        funnel.revenue,
        sales.revenue['attributed'],
        sales.revenue['session'],
        sales.revenue['none'],
        sales.revenue['unknown'],
        0,
        sales.revenue['late']
    from sales, funnel
    union all
    select 'customer value', buyers.revenue, customers.revenue, 0, 0, 0, 0, no_user, late from buyers, customers
),

filled as (
    select
        stage,
        coalesce(source, 0) as source,
        coalesce(mart, 0) as mart,
        coalesce(attributed, 0) as attributed,
        coalesce(of_session, 0) as of_session,
        coalesce(no_campaign, 0) as no_campaign,
        coalesce(unknown, 0) as unknown,
        coalesce(no_user, 0) as no_user,
        coalesce(late, 0) as late
    from stages
)

select
    stage,
    source as source_total,
    mart as mart_total,
    attributed as by_attributed_campaign_total,
    of_session as by_session_campaign_total,
    no_campaign as no_campaign_total,
    unknown as unknown_campaign_total,
    no_user as no_user_total,
    late as after_as_of_date_total,
    source - mart - no_campaign - unknown - no_user - late as unexplained_total,
    unexplained_total = 0 as is_reconciled,
    (select day from as_of) as as_of_date
from filled
