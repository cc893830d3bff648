with campaign_days as (
    select * from {{ ref('stg_campaigns_daily') }}
    where activity_date <= {{ as_of_date('marketing') }}
),

campaigns as (
    select * from {{ ref('int_campaigns') }}
),

final as (
    select
        campaigns.channel,
        cast({{ dbt.date_trunc('month', 'campaign_days.activity_date') }} as date) as spend_month,
        sum(campaign_days.spend) as spend_amount
    from campaign_days
    inner join campaigns
        on campaign_days.campaign_id = campaigns.campaign_id
    group by 1, 2
)

select * from final
