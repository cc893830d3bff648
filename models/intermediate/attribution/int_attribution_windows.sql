-- All that the Markov chains need of the journeys: a few thousand rows, whatever their number.
with touches as (
    select * from {{ ref('int_attribution_journeys') }}
    where touch_count > 0
),

final as (
    select
        journey_source,
        channel,
        previous_channel_1,
        previous_channel_2,
        previous_channel_3,
        case when touch_position > 3 then 4 else touch_position end as window_position,
        touch_position = touch_count as is_last,
        conversion_id is not null as is_converted,
        count(*) as journey_count,
        sum(revenue) as revenue
    from touches
    group by 1, 2, 3, 4, 5, 6, 7, 8
)

select * from final
