with conversions as (
    select * from {{ ref('int_conversions_matched_to_campaigns') }}
),

campaigns as (
    select * from {{ ref('int_campaigns') }}
),

sessions as (
    select * from {{ ref('stg_sessions') }}
    where session_date <= {{ as_of_date('marketing') }}
),

conversions_joined_to_campaigns as (
    select
        conversions.session_id,
        conversions.conversion_value,
        campaigns.channel as campaign_channel
    from conversions
    left join campaigns
        on conversions.campaign_id = campaigns.campaign_id
),

conversions_of_known_campaigns as (
    select * from conversions_joined_to_campaigns
    where campaign_channel is not null
),

other_conversions as (
    select * from conversions_joined_to_campaigns
    where campaign_channel is null
),

conversion_channels as (
    select
        campaign_channel as channel,
        conversion_value
    from conversions_of_known_campaigns
    union all
    select
        coalesce(sessions.channel, 'unknown') as channel,
        other_conversions.conversion_value
    from other_conversions
    left join sessions
        on other_conversions.session_id = sessions.session_id
),

final as (
    select
        channel,
        count(*) as total_conversions,
        sum(conversion_value) as revenue_amount
    from conversion_channels
    group by 1
)

select * from final
