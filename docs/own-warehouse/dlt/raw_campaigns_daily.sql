-- Figures may come as text or as numbers; the casts take both.
{{ config(materialized='view', schema='marketing_raw', alias='campaigns_daily') }}

select
    cast(insights.campaign_id as {{ dbt.type_string() }}) as campaign_id,
    cast({{ marketing_analytics.utc_timestamp('insights.date_start') }} as date) as date,
    max(campaigns.name) as campaign_name,
    'Paid Social' as channel,
    max(campaigns.status) as status,
    cast(null as {{ marketing_analytics.type_money() }}) as daily_budget,
    sum(cast(insights.spend as {{ marketing_analytics.type_money() }})) as spend,
    cast(sum(cast(insights.impressions as {{ dbt.type_bigint() }})) as {{ dbt.type_bigint() }})
        as impressions,
    cast(sum(cast(insights.clicks as {{ dbt.type_bigint() }})) as {{ dbt.type_bigint() }})
        as clicks,
    cast(null as {{ marketing_analytics.type_double() }}) as ctr,
    cast(null as {{ marketing_analytics.type_double() }}) as cpc
from {{ source('facebook_ads_dlt', 'facebook_insights') }} as insights
left join {{ source('facebook_ads_dlt', 'campaigns') }} as campaigns
    on
        cast(insights.campaign_id as {{ dbt.type_string() }})
        = cast(campaigns.id as {{ dbt.type_string() }})
group by 1, 2
