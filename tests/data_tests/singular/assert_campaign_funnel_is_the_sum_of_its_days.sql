-- Is each known campaign's funnel the sum of its days, in every measure?
{{ config(enabled='marketing' in var('domains')) }}

{% set measures = [
    'total_impressions', 'total_clicks', 'total_sessions', 'total_conversions',
    'spend_amount', 'revenue_amount',
] %}
with funnels as (
    select * from {{ ref('funnel_conversion_analysis') }}
),

days as (
    select
        campaign_id,
        {{ sum_columns(measures) }}
    from {{ ref('campaign_funnel_daily') }}
    where data_match not in ('no campaign', 'unknown campaign')
    group by 1
),

-- A campaign of one side compares with 0, and as a row where all its measures are 0.
compared as (
    {% for measure in measures %}
    select
        '{{ measure }} of ' || coalesce(days.campaign_id, funnels.campaign_id)
            as measure,
        cast(coalesce(days.{{ measure }}, 0) as {{ type_money() }})
            as expected,
        cast(coalesce(funnels.{{ measure }}, 0) as {{ type_money() }}) as found
    from days
    full outer join funnels
        on days.campaign_id = funnels.campaign_id
    union all
    {% endfor %}
    select
        'rows of ' || coalesce(days.campaign_id, funnels.campaign_id) as measure,
        case when days.campaign_id is null then 0 else 1 end as expected,
        case when funnels.campaign_id is null then 0 else 1 end as found
    from days
    full outer join funnels
        on days.campaign_id = funnels.campaign_id
)

select * from compared
where expected <> found
