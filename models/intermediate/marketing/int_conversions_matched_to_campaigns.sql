with sessions as (
    select * from {{ ref('stg_sessions') }}
    where session_date <= {{ as_of_date('marketing') }}
),

campaigns as (
    select * from {{ ref('int_campaigns') }}
),

-- Only a conversion without a known attributed campaign needs its session: looking up every one
-- would take half as long again. Two imports, because one that is read twice is copied whole first.
attributed_conversions as (
    select conversions.*
    from {{ ref('stg_conversions') }} as conversions
    inner join campaigns
        on conversions.attributed_campaign_id = campaigns.campaign_id
    where conversions.conversion_date <= {{ as_of_date('marketing') }}
),

other_conversions as (
    select conversions.*
    from {{ ref('stg_conversions') }} as conversions
    left join campaigns
        on conversions.attributed_campaign_id = campaigns.campaign_id
    where
        campaigns.campaign_id is null
        and conversions.conversion_date <= {{ as_of_date('marketing') }}
),

conversions_with_campaign as (
    select
        conversion_id,
        user_id,
        session_id,
        conversion_value,
        conversion_date,
        attributed_campaign_id as campaign_id,
        'attributed campaign' as campaign_source,
        cast(null as {{ dbt.type_string() }}) as session_channel
    from attributed_conversions
    union all
    select
        other_conversions.conversion_id,
        other_conversions.user_id,
        other_conversions.session_id,
        other_conversions.conversion_value,
        other_conversions.conversion_date,
        coalesce(other_conversions.attributed_campaign_id, sessions.campaign_id) as campaign_id,
        'campaign of its session' as campaign_source,
        sessions.channel as session_channel
    from other_conversions
    left join sessions
        on other_conversions.session_id = sessions.session_id
),

final as (
    select
        conversions_with_campaign.conversion_id,
        conversions_with_campaign.user_id,
        conversions_with_campaign.session_id,
        conversions_with_campaign.campaign_id,
        case
            when conversions_with_campaign.campaign_id is null then 'no campaign'
            when campaigns.campaign_id is null then 'unknown campaign'
            else conversions_with_campaign.campaign_source
        end as campaign_match,
        coalesce(
            campaigns.channel, conversions_with_campaign.session_channel, 'unknown'
        ) as channel,
        conversions_with_campaign.conversion_value,
        conversions_with_campaign.conversion_date
    from conversions_with_campaign
    left join campaigns
        on conversions_with_campaign.campaign_id = campaigns.campaign_id
)

select * from final
