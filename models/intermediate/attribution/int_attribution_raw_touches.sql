-- Touches of every source in one shape. A touch of nobody belongs to no journey and is left out.
with touchpoints as (
    select * from {{ ref('stg_attribution_touchpoints') }}
    where
        touch_date <= {{ as_of_date('marketing') }}
        and user_id is not null
),

campaigns as (
    select * from {{ ref('int_campaigns') }}
),

orders as (
    select * from {{ ref('int_attribution_orders') }}
),

final as (
    select
        'marketing' as journey_source,
        touchpoints.user_id as person_id,
        touchpoints.touchpoint_id as touch_id,
        coalesce(touchpoints.channel, campaigns.channel, 'unknown') as channel,
        touchpoints.campaign_id,
        touchpoints.touched_at,
        touchpoints.touch_date
    from touchpoints
    left join campaigns
        on touchpoints.campaign_id = campaigns.campaign_id
    union all
    select
        'shop' as journey_source,
        person_id,
        order_id as touch_id,
        attribution_channel as channel,
        cast(null as {{ dbt.type_string() }}) as campaign_id,
        ordered_at as touched_at,
        order_date as touch_date
    from orders
)

select * from final
