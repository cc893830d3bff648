-- A session's number is unique for its visitor only, hence the pair.
{{ config(materialized='view', schema='marketing_raw', alias='sessions') }}

{%- set event_at = marketing_analytics.utc_timestamp('event_at') %}
select
    {{ dbt.concat(['user_pseudo_id', "'.'", 'cast(ga_session_id as ' ~ dbt.type_string() ~ ')']) }}
        as session_id,
    cast(min({{ event_at }}) as date) as date,
    user_pseudo_id as user_id,
    max(nullif(campaign_id, '(not set)')) as campaign_id,
    cast(null as {{ dbt.type_string() }}) as creative_id,
    max(default_channel_group) as channel,
    min({{ event_at }}) as session_start,
    cast(floor(sum(coalesce(engagement_time_msec, 0)) / 1000.0) as {{ dbt.type_bigint() }})
        as session_duration_sec,
    cast(sum(case when event_name = 'page_view' then 1 else 0 end) as {{ dbt.type_bigint() }})
        as pages_viewed,
    max(device_category) as device_type,
    max(country) as country
from {{ source('ga4', 'events') }}
where
    user_pseudo_id is not null
    and ga_session_id is not null
group by user_pseudo_id, ga_session_id
