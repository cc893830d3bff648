{%- set journey = 'partition by journey_source, journey_id' -%}
{%- set in_time = (
    journey ~ ' order by no_touch_count nulls last, touched_at nulls last, touch_id nulls last'
) %}

with journey_touches as (
    select * from {{ ref('int_attribution_touches_by_conversion') }}
),

-- Side by side, because each step of windows sorts all touches again.
journeys_in_order as (
    select
        *,
        count(touch_id) over ({{ journey }}) as touch_count,
        max(touched_at) over ({{ journey }}) as last_touched_at,
        row_number() over ({{ in_time }}) - no_touch_count as touch_position,
        lag(channel, 1) over ({{ in_time }}) as previous_channel_1,
        lag(channel, 2) over ({{ in_time }}) as previous_channel_2,
        lag(channel, 3) over ({{ in_time }}) as previous_channel_3
    from journey_touches
),

final as (
    select
        journey_source,
        person_id,
        journey_id,
        conversion_id,
        is_acquisition,
        revenue,
        converted_at,
        touch_id,
        channel,
        campaign_id,
        touched_at,
        last_touched_at,
        touch_count,
        touch_position,
        previous_channel_1,
        previous_channel_2,
        previous_channel_3
    from journeys_in_order
    where no_touch_count = 0 or touch_count = 0
)

select * from final
