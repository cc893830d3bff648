with campaigns as (
    select * from {{ ref('int_campaigns') }}
),

sessions as (
    select * from {{ ref('stg_sessions') }}
    where session_date <= {{ as_of_date('marketing') }}
),

conversions as (
    select * from {{ ref('int_conversions_by_channel') }}
),

sessions_by_campaign_and_channel as (
    select
        campaign_id,
        channel,
        count(*) as session_count
    from sessions
    group by 1, 2
),

-- Stacked, not joined: unpaid traffic has no campaign, and nothing may be counted twice.
stages_of_all_sources as (
    select
        channel,
        total_impressions,
        total_clicks,
        spend_amount,
        0 as total_sessions,
        0 as total_conversions,
        0 as revenue_amount
    from campaigns
    union all
    select
        -- The campaign's channel counts first, so that a channel's sessions fit its clicks.
        coalesce(campaigns.channel, sessions_by_campaign_and_channel.channel, 'unknown') as channel,
        0 as total_impressions,
        0 as total_clicks,
        0 as spend_amount,
        sessions_by_campaign_and_channel.session_count as total_sessions,
        0 as total_conversions,
        0 as revenue_amount
    from sessions_by_campaign_and_channel
    left join campaigns
        on sessions_by_campaign_and_channel.campaign_id = campaigns.campaign_id
    union all
    select
        channel,
        0 as total_impressions,
        0 as total_clicks,
        0 as spend_amount,
        0 as total_sessions,
        total_conversions,
        revenue_amount
    from conversions
),

final as (
    select
        channel,
        sum(total_impressions) as total_impressions,
        sum(total_clicks) as total_clicks,
        sum(total_sessions) as total_sessions,
        sum(total_conversions) as total_conversions,
        sum(spend_amount) as spend_amount,
        sum(revenue_amount) as revenue_amount
    from stages_of_all_sources
    group by 1
)

select * from final
