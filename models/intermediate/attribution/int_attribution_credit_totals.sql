{%- set models = journey_attribution_models() %}

with credits as (
    select * from {{ ref('int_attribution_touch_credits') }}
),

journeys as (
    select * from {{ ref('int_attribution_journeys') }}
),

parts as (
    select
        journey_source,
        channel,
        campaign_id,
        0 as touch_count,
        {% for model in models -%}
        sum(cast({{ model }} as {{ type_decimal(19, 15) }})) as {{ model }}_conversions,
        sum(cast({{ model }} as {{ type_decimal(19, 15) }}) * revenue) as {{ model }}_revenue,
        {% endfor -%}
        sum(case when touch_id is null then 1 else 0 end) as untouched_conversions,
        sum(case when touch_id is null then revenue else 0 end) as untouched_revenue
    from credits
    group by 1, 2, 3
    union all
    -- Channels whose touches led nowhere are there, too.
    select
        journey_source,
        channel,
        campaign_id,
        count(touch_id) as touch_count,
        {% for model in models -%}
        0 as {{ model }}_conversions,
        0 as {{ model }}_revenue,
        {% endfor -%}
        0 as untouched_conversions,
        0 as untouched_revenue
    from journeys
    group by 1, 2, 3
),

final as (
    select
        journey_source,
        channel,
        campaign_id,
        sum(touch_count) as touch_count,
        {% for model in models -%}
        sum({{ model }}_conversions) as {{ model }}_conversions,
        sum({{ model }}_revenue) as {{ model }}_revenue,
        {% endfor -%}
        sum(untouched_conversions) as untouched_conversions,
        sum(untouched_revenue) as untouched_revenue
    from parts
    group by 1, 2, 3
)

select * from final
