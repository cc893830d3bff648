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

stages as (
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
),

final as (
    select
        cast(channel as {{ dbt.type_string() }}) as channel,
        cast(total_impressions as {{ dbt.type_bigint() }}) as total_impressions,
        cast(total_clicks as {{ dbt.type_bigint() }}) as total_clicks,
        cast(total_sessions as {{ dbt.type_bigint() }}) as total_sessions,
        cast(total_conversions as {{ dbt.type_bigint() }}) as total_conversions,
        {{ safe_ratio('total_clicks', 'total_impressions') }} as click_through_rate,
        {{ safe_ratio('total_sessions', 'total_clicks') }} as click_to_session_rate,
        {{ safe_ratio('total_conversions', 'total_sessions') }} as session_to_conversion_rate,
        {{ safe_ratio('total_conversions', 'total_impressions') }} as overall_funnel_efficiency,
        cast(spend_amount as {{ type_money() }}) as spend_amount,
        cast(revenue_amount as {{ type_money() }}) as revenue_amount,
        {{ safe_ratio('spend_amount', 'total_clicks', otherwise='null') }} as cost_per_click,
        {{ safe_ratio('spend_amount', 'total_conversions', otherwise='null') }}
            as cost_per_acquisition,
        {{ safe_ratio('revenue_amount', 'spend_amount', otherwise='null') }}
            as return_on_ad_spend_ratio,
        {{ lost_count('total_impressions', 'total_clicks') }} as impression_to_click_lost_count,
        {{ lost_rate('total_impressions', 'total_clicks') }} as impression_to_click_lost_rate,
        {{ lost_count('total_clicks', 'total_sessions') }} as click_to_session_lost_count,
        {{ lost_rate('total_clicks', 'total_sessions') }} as click_to_session_lost_rate,
        {{ lost_count('total_sessions', 'total_conversions') }}
            as session_to_conversion_lost_count,
        {{ lost_rate('total_sessions', 'total_conversions') }}
            as session_to_conversion_lost_rate,
        {{ wilson_bound('total_clicks', 'total_impressions', 'lower') }}
            as click_through_lower_bound,
        {{ wilson_bound('total_clicks', 'total_impressions', 'upper') }}
            as click_through_upper_bound,
        {{ wilson_bound('total_sessions', 'total_clicks', 'lower') }}
            as click_to_session_lower_bound,
        {{ wilson_bound('total_sessions', 'total_clicks', 'upper') }}
            as click_to_session_upper_bound,
        {{ wilson_bound('total_conversions', 'total_sessions', 'lower') }}
            as session_to_conversion_lower_bound,
        {{ wilson_bound('total_conversions', 'total_sessions', 'upper') }}
            as session_to_conversion_upper_bound,
        {{ wilson_bound('total_conversions', 'total_impressions', 'lower') }}
            as overall_funnel_lower_bound,
        {{ wilson_bound('total_conversions', 'total_impressions', 'upper') }}
            as overall_funnel_upper_bound,
        cast({{ as_of_date('marketing') }} as date) as as_of_date
    from stages
)

select * from final
