with campaigns as (
    select * from {{ ref('int_campaigns') }}
),

sessions as (
    select * from {{ ref('stg_sessions') }}
    where session_date <= {{ as_of_date('marketing') }}
),

conversions as (
    select * from {{ ref('int_conversions_matched_to_campaigns') }}
),

-- Staging has one row per session and per conversion, so counting rows counts them once.
sessions_by_campaign as (
    select
        campaign_id,
        count(*) as total_sessions
    from sessions
    group by 1
),

conversions_by_campaign as (
    select
        campaign_id,
        count(*) as total_conversions,
        sum(conversion_value) as revenue_amount
    from conversions
    group by 1
),

stages as (
    select
        campaigns.campaign_id,
        campaigns.campaign_name,
        campaigns.channel,
        campaigns.total_impressions,
        campaigns.total_clicks,
        campaigns.spend_amount,
        coalesce(sessions_by_campaign.total_sessions, 0) as total_sessions,
        coalesce(conversions_by_campaign.total_conversions, 0) as total_conversions,
        coalesce(conversions_by_campaign.revenue_amount, 0) as revenue_amount
    from campaigns
    left join sessions_by_campaign
        on campaigns.campaign_id = sessions_by_campaign.campaign_id
    left join conversions_by_campaign
        on campaigns.campaign_id = conversions_by_campaign.campaign_id
),

final as (
    select
        campaign_id,
        campaign_name,
        channel,
        total_impressions,
        total_clicks,
        total_sessions,
        total_conversions,
        {{ safe_ratio('total_clicks', 'total_impressions') }} as click_through_rate,
        {{ safe_ratio('total_sessions', 'total_clicks') }} as click_to_session_rate,
        {{ safe_ratio('total_conversions', 'total_sessions') }} as session_to_conversion_rate,
        spend_amount,
        revenue_amount
    from stages
)

select * from final
