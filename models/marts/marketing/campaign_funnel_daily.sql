with campaign_days as (
    select * from {{ ref('stg_campaigns_daily') }}
    where activity_date <= {{ as_of_date('marketing') }}
),

sessions as (
    select * from {{ ref('stg_sessions') }}
    where session_date <= {{ as_of_date('marketing') }}
),

conversions as (
    select * from {{ ref('int_conversions_matched_to_campaigns') }}
),

campaigns as (
    select * from {{ ref('int_campaigns') }}
),

-- Stacked, not joined: a day that only one side knows keeps its row.
days_of_all_sources as (
    select
        campaign_id,
        activity_date,
        1 as ad_row_count,
        impressions as total_impressions,
        clicks as total_clicks,
        spend as spend_amount,
        0 as total_sessions,
        0 as total_conversions,
        0 as revenue_amount
    from campaign_days
    union all
    select
        campaign_id,
        session_date as activity_date,
        0 as ad_row_count,
        0 as total_impressions,
        0 as total_clicks,
        0 as spend_amount,
        count(*) as total_sessions,
        0 as total_conversions,
        0 as revenue_amount
    from sessions
    group by 1, 2
    union all
    select
        campaign_id,
        conversion_date as activity_date,
        0 as ad_row_count,
        0 as total_impressions,
        0 as total_clicks,
        0 as spend_amount,
        0 as total_sessions,
        1 as total_conversions,
        conversion_value as revenue_amount
    from conversions
),

days as (
    select
        coalesce(campaign_id, '(none)') as campaign_id,
        activity_date,
        sum(ad_row_count) as ad_row_count,
        sum(total_impressions) as total_impressions,
        sum(total_clicks) as total_clicks,
        sum(total_sessions) as total_sessions,
        sum(total_conversions) as total_conversions,
        sum(spend_amount) as spend_amount,
        sum(revenue_amount) as revenue_amount
    from days_of_all_sources
    group by 1, 2
),

final as (
    select
        cast(days.campaign_id as {{ dbt.type_string() }}) as campaign_id,
        cast(days.activity_date as date) as activity_date,
        cast(campaigns.campaign_name as {{ dbt.type_string() }}) as campaign_name,
        cast(coalesce(campaigns.channel, 'unknown') as {{ dbt.type_string() }}) as channel,
        case
            when days.campaign_id = '(none)' then 'no campaign'
            when campaigns.campaign_id is null then 'unknown campaign'
            when days.ad_row_count = 0 then 'no ad data on the day'
            when days.total_sessions + days.total_conversions = 0 then 'no site data on the day'
            else 'ad and site data'
        end as data_match,
        cast(days.total_impressions as {{ dbt.type_bigint() }}) as total_impressions,
        cast(days.total_clicks as {{ dbt.type_bigint() }}) as total_clicks,
        cast(days.total_sessions as {{ dbt.type_bigint() }}) as total_sessions,
        cast(days.total_conversions as {{ dbt.type_bigint() }}) as total_conversions,
        {{ safe_ratio('days.total_clicks', 'days.total_impressions') }} as click_through_rate,
        {{ safe_ratio('days.total_sessions', 'days.total_clicks') }} as click_to_session_rate,
        {{ safe_ratio('days.total_conversions', 'days.total_sessions') }}
            as session_to_conversion_rate,
        {{ safe_ratio('days.total_conversions', 'days.total_impressions') }}
            as overall_funnel_efficiency,
        cast(days.spend_amount as {{ type_money() }}) as spend_amount,
        cast(days.revenue_amount as {{ type_money() }}) as revenue_amount,
        cast({{ as_of_date('marketing') }} as date) as as_of_date
    from days
    left join campaigns
        on days.campaign_id = campaigns.campaign_id
)

select * from final
