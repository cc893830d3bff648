-- The totals of each ad over all days.
{{ config(materialized='view', schema='marketing_raw', alias='ad_creatives') }}

select
    cast(ad_id as {{ dbt.type_string() }}) as creative_id,
    cast(max(campaign_id) as {{ dbt.type_string() }}) as campaign_id,
    cast(null as {{ dbt.type_string() }}) as creative_type,
    max(ad_name) as creative_name,
    cast(sum(impressions) as {{ dbt.type_bigint() }}) as impressions,
    cast(sum(clicks) as {{ dbt.type_bigint() }}) as clicks,
    cast(null as {{ marketing_analytics.type_double() }}) as ctr,
    cast(sum(spend) as {{ marketing_analytics.type_money() }}) as spend
from {{ source('ad_reporting', 'ad_reporting__ad_report') }}
group by 1
