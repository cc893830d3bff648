with raw_campaigns_daily as (
    {{ raw_rows('marketing_raw', 'campaigns_daily') }}
),

campaigns_cast as (
    select
        -- keys
        cast(campaign_id as {{ dbt.type_string() }}) as campaign_id,

        -- dimensions
        cast(campaign_name as {{ dbt.type_string() }}) as campaign_name,
        cast(channel as {{ dbt.type_string() }}) as channel,
        cast(status as {{ dbt.type_string() }}) as status,

        -- measures
        cast(daily_budget as {{ type_money() }}) as daily_budget,
        cast(coalesce(spend, 0) as {{ type_money() }}) as spend,
        cast(coalesce(impressions, 0) as {{ dbt.type_bigint() }}) as impressions,
        cast(coalesce(clicks, 0) as {{ dbt.type_bigint() }}) as clicks,
        cast(ctr as {{ type_double() }}) as ctr,
        cast(cpc as {{ type_double() }}) as cpc,

        -- dates
        cast(date as date) as activity_date
    from raw_campaigns_daily
),

final as (
    select
        campaign_id,
        campaign_name,
        channel,
        status,
        daily_budget,
        spend,
        impressions,
        clicks,
        ctr,
        cpc,
        {{ safe_ratio('clicks', 'impressions') }} as calculated_ctr,
        {{ safe_ratio('spend', 'clicks') }} as calculated_cpc,
        activity_date
    from campaigns_cast
)

select * from final
