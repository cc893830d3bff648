with raw_ad_creatives as (
    {{ raw_rows('marketing_raw', 'ad_creatives') }}
),

creatives_cast as (
    select
        -- keys
        cast(creative_id as {{ dbt.type_string() }}) as creative_id,
        cast(campaign_id as {{ dbt.type_string() }}) as campaign_id,

        -- dimensions
        cast(creative_type as {{ dbt.type_string() }}) as creative_type,
        cast(creative_name as {{ dbt.type_string() }}) as creative_name,

        -- measures
        cast(coalesce(impressions, 0) as {{ dbt.type_bigint() }}) as impressions,
        cast(coalesce(clicks, 0) as {{ dbt.type_bigint() }}) as clicks,
        cast(ctr as {{ type_double() }}) as ctr,
        cast(coalesce(spend, 0) as {{ type_money() }}) as spend
    from raw_ad_creatives
),

final as (
    select
        creative_id,
        campaign_id,
        creative_type,
        creative_name,
        impressions,
        clicks,
        ctr,
        spend,
        {{ safe_ratio('clicks', 'impressions') }} as calculated_ctr
    from creatives_cast
)

select * from final
