-- A visit names its campaign only. Where a campaign spends in several channels nobody can tell
-- which one brought the visit, so that both count in a channel of their own.
with spend as (
    select * from {{ ref('stg_funnel_spend') }}
    where spend_date <= {{ as_of_date('gaming') }}
),

final as (
    select
        campaign_name,
        case
            when min(channel) = max(channel) then min(channel)
            else 'several channels'
        end as channel,
        sum(spend_usd) as spend_usd
    from spend
    group by 1
)

select * from final
