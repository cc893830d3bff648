-- Do channel_funnel and campaign_funnel_daily both hold all rows up to the as-of date?
{{ config(enabled='marketing' in var('domains')) }}

with as_of as (
    select max(as_of_date) as as_of_date from {{ ref('funnel_reconciliation') }}
),

campaign_days as (
    select
        coalesce(sum(campaigns_daily.impressions), 0) as total_impressions,
        coalesce(sum(campaigns_daily.clicks), 0) as total_clicks,
        coalesce(sum(campaigns_daily.spend), 0) as spend_amount
    from {{ ref('stg_campaigns_daily') }} as campaigns_daily
    inner join as_of
        on campaigns_daily.activity_date <= as_of.as_of_date
),

sessions as (
    select count(*) as total_sessions
    from {{ ref('stg_sessions') }} as all_sessions
    inner join as_of
        on all_sessions.session_date <= as_of.as_of_date
),

conversions as (
    select
        count(*) as total_conversions,
        coalesce(sum(all_conversions.conversion_value), 0) as revenue_amount
    from {{ ref('stg_conversions') }} as all_conversions
    inner join as_of
        on all_conversions.conversion_date <= as_of.as_of_date
),

{% set measures = {
    'total_impressions': 'campaign_days', 'total_clicks': 'campaign_days',
    'spend_amount': 'campaign_days', 'total_sessions': 'sessions',
    'total_conversions': 'conversions', 'revenue_amount': 'conversions',
} %}
{% for mart in ['channel_funnel', 'campaign_funnel_daily'] %}
{{ mart }}_totals as (
    select
        {{ sum_columns(measures) }}
    from {{ ref(mart) }}
),
{% endfor %}

compared as (
    {% for mart in ['channel_funnel', 'campaign_funnel_daily'] %}
    {% set is_last_mart = loop.last %}
    {% for measure, staging in measures.items() %}
    select
        '{{ measure }} of {{ mart }}' as measure,
        cast({{ staging }}.{{ measure }} as {{ type_money() }}) as expected,
        cast(coalesce({{ mart }}_totals.{{ measure }}, 0) as {{ type_money() }})
            as found
    from {{ staging }}
    cross join {{ mart }}_totals
    {{ 'union all' if not (loop.last and is_last_mart) }}
    {% endfor %}
    {% endfor %}
)

select * from compared
where expected <> found
