with campaigns as (
    select * from {{ ref('int_campaigns') }}
),

campaign_days as (
    select
        *,
        case
            when activity_date > {{ as_of_date('marketing') }} then 'after the as-of date'
            else 'in the funnel'
        end as outcome
    from {{ ref('stg_campaigns_daily') }}
),

sessions_by_campaign as (
    select
        campaign_id,
        session_date > {{ as_of_date('marketing') }} as is_after_as_of_date,
        count(*) as session_count
    from {{ ref('stg_sessions') }}
    group by 1, 2
),

session_outcomes as (
    select
        sessions_by_campaign.session_count,
        case
            when sessions_by_campaign.is_after_as_of_date then 'after the as-of date'
            when sessions_by_campaign.campaign_id is null then 'no campaign'
            when campaigns.campaign_id is null then 'unknown campaign'
            else 'in the funnel'
        end as outcome
    from sessions_by_campaign
    left join campaigns
        on sessions_by_campaign.campaign_id = campaigns.campaign_id
),

final as (
    select
        'impressions' as stage,
        outcome,
        cast(sum(impressions) as {{ type_money() }}) as total
    from campaign_days
    group by 1, 2
    union all
    select
        'clicks' as stage,
        outcome,
        cast(sum(clicks) as {{ type_money() }}) as total
    from campaign_days
    group by 1, 2
    union all
    select
        'spend' as stage,
        outcome,
        cast(sum(spend) as {{ type_money() }}) as total
    from campaign_days
    group by 1, 2
    union all
    select
        'sessions' as stage,
        outcome,
        cast(sum(session_count) as {{ type_money() }}) as total
    from session_outcomes
    group by 1, 2
)

select * from final
