-- Touches of every source in one shape. A touch of nobody belongs to no journey and is left out.
with final as (
    {% for domain in ['marketing', 'shop'] if is_built(domain) %}
    {% if domain == 'marketing' %}
    select
        'marketing' as journey_source,
        touchpoints.user_id as person_id,
        touchpoints.touchpoint_id as touch_id,
        coalesce(touchpoints.channel, campaigns.channel, 'unknown') as channel,
        touchpoints.campaign_id,
        touchpoints.touched_at,
        touchpoints.touch_date
    from {{ ref('stg_attribution_touchpoints') }} as touchpoints
    left join {{ ref('int_campaigns') }} as campaigns
        on touchpoints.campaign_id = campaigns.campaign_id
    where
        touchpoints.touch_date <= {{ as_of_date('marketing') }}
        and touchpoints.user_id is not null
    {% else %}
    select
        'shop' as journey_source,
        person_id,
        order_id as touch_id,
        attribution_channel as channel,
        cast(null as {{ dbt.type_string() }}) as campaign_id,
        ordered_at as touched_at,
        order_date as touch_date
    from {{ ref('int_attribution_orders') }}
    {% endif %}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
