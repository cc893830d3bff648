-- Channels are spelled as the sessions spell them: here, as GA4 does.
{{ config(materialized='view', schema='marketing_raw', alias='campaigns_daily') }}

select
    cast(campaign_id as {{ dbt.type_string() }}) as campaign_id,
    cast(date_day as date) as date,
    max(campaign_name) as campaign_name,
    max(
        case platform
            when 'google_ads' then 'Paid Search'
            when 'microsoft_ads' then 'Paid Search'
            when 'facebook_ads' then 'Paid Social'
            when 'linkedin_ads' then 'Paid Social'
            when 'tiktok_ads' then 'Paid Social'
            else platform
        end
    ) as channel,
    cast(null as {{ dbt.type_string() }}) as status,
    cast(null as {{ marketing_analytics.type_money() }}) as daily_budget,
    cast(sum(spend) as {{ marketing_analytics.type_money() }}) as spend,
    cast(sum(impressions) as {{ dbt.type_bigint() }}) as impressions,
    cast(sum(clicks) as {{ dbt.type_bigint() }}) as clicks,
    cast(null as {{ marketing_analytics.type_double() }}) as ctr,
    cast(null as {{ marketing_analytics.type_double() }}) as cpc
from {{ source('ad_reporting', 'ad_reporting__campaign_report') }}
group by 1, 2
