with campaign_days as (
    select * from {{ ref('stg_campaigns_daily') }}
    where activity_date <= {{ as_of_date('marketing') }}
),

days_ranked as (
    -- A renamed campaign stays one campaign: the latest day with a value says what it is called.
    select
        campaign_id,
        campaign_name,
        channel,
        impressions,
        clicks,
        spend,
        row_number() over (
            partition by campaign_id
            order by
                case when campaign_name is null then 1 else 0 end nulls last,
                activity_date desc nulls last
        ) as name_position,
        row_number() over (
            partition by campaign_id
            order by
                case when channel is null then 1 else 0 end nulls last,
                activity_date desc nulls last
        ) as channel_position
    from campaign_days
),

final as (
    select
        campaign_id,
        max(case when name_position = 1 then campaign_name end) as campaign_name,
        coalesce(max(case when channel_position = 1 then channel end), 'unknown') as channel,
        cast(sum(impressions) as {{ dbt.type_bigint() }}) as total_impressions,
        cast(sum(clicks) as {{ dbt.type_bigint() }}) as total_clicks,
        sum(spend) as spend_amount
    from days_ranked
    group by 1
)

select * from final
