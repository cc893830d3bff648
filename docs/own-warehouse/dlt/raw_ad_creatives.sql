-- The totals of each ad over all days.
{{ config(materialized='view', schema='marketing_raw', alias='ad_creatives') }}

select
    cast(insights.ad_id as {{ dbt.type_string() }}) as creative_id,
    cast(max(insights.campaign_id) as {{ dbt.type_string() }}) as campaign_id,
    cast(null as {{ dbt.type_string() }}) as creative_type,
    max(ads.name) as creative_name,
    cast(sum(cast(insights.impressions as {{ dbt.type_bigint() }})) as {{ dbt.type_bigint() }})
        as impressions,
    cast(sum(cast(insights.clicks as {{ dbt.type_bigint() }})) as {{ dbt.type_bigint() }})
        as clicks,
    cast(null as {{ marketing_analytics.type_double() }}) as ctr,
    sum(cast(insights.spend as {{ marketing_analytics.type_money() }})) as spend
from {{ source('facebook_ads_dlt', 'facebook_insights') }} as insights
left join {{ source('facebook_ads_dlt', 'ads') }} as ads
    on
        cast(insights.ad_id as {{ dbt.type_string() }})
        = cast(ads.id as {{ dbt.type_string() }})
group by 1
