-- Does staging keep every key of every raw table, once?
with
{% for table, raw_keys, staging_model, staging_key in [
    ('campaigns_daily', 'campaign_id, date', 'stg_campaigns_daily', 'campaign_id'),
    ('ad_creatives', 'creative_id', 'stg_ad_creatives', 'creative_id'),
    ('sessions', 'session_id', 'stg_sessions', 'session_id'),
    (
        'attribution_touchpoints', 'touchpoint_id', 'stg_attribution_touchpoints',
        'touchpoint_id'
    ),
    ('conversions', 'conversion_id', 'stg_conversions', 'conversion_id'),
] %}
raw_{{ table }} as (
    select distinct {{ raw_keys }}
    from {{ source('marketing_raw', table) }}
),

raw_count_{{ table }} as (
    select count(*) as key_count from raw_{{ table }}
),

staging_count_{{ table }} as (
    select count({{ staging_key }}) as key_count from {{ ref(staging_model) }}
),

compared_{{ table }} as (
    select
        'keys of {{ table }}' as measure,
        raw_count_{{ table }}.key_count as expected,
        staging_count_{{ table }}.key_count as found
    from raw_count_{{ table }}
    cross join staging_count_{{ table }}
),
{% endfor %}

compared as (
    select * from compared_campaigns_daily
    union all
    select * from compared_ad_creatives
    union all
    select * from compared_sessions
    union all
    select * from compared_attribution_touchpoints
    union all
    select * from compared_conversions
)

select * from compared
where expected <> found
