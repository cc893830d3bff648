-- Two imports, because one that is read twice is copied whole first.
with attributed_conversions as (
    select * from {{ ref('stg_conversions') }}
    where
        attributed_campaign_id is not null
        and conversion_date <= {{ as_of_date('marketing') }}
),

unattributed_conversions as (
    select * from {{ ref('stg_conversions') }}
    where
        attributed_campaign_id is null
        and conversion_date <= {{ as_of_date('marketing') }}
),

sessions as (
    select * from {{ ref('stg_sessions') }}
),

-- Only a conversion without an attributed campaign needs its session: looking up every one would
-- take half as long again.
unattributed_joined_to_sessions as (
    select
        unattributed_conversions.conversion_id,
        unattributed_conversions.user_id,
        unattributed_conversions.session_id,
        -- A session after the as-of date names no campaign. Asked here and not before the join,
        -- where it would be asked of every session.
        case
            when sessions.session_date <= {{ as_of_date('marketing') }}
                then sessions.campaign_id
        end as campaign_id,
        unattributed_conversions.conversion_value,
        unattributed_conversions.conversion_date
    from unattributed_conversions
    left join sessions
        on unattributed_conversions.session_id = sessions.session_id
),

final as (
    select
        conversion_id,
        user_id,
        session_id,
        attributed_campaign_id as campaign_id,
        'attributed campaign' as campaign_source,
        conversion_value,
        conversion_date
    from attributed_conversions
    union all
    select
        conversion_id,
        user_id,
        session_id,
        campaign_id,
        case
            when campaign_id is null then 'no campaign' else 'campaign of its session'
        end as campaign_source,
        conversion_value,
        conversion_date
    from unattributed_joined_to_sessions
)

select * from final
