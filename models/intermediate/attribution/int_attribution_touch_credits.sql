-- Sums per channel and per journey take half the time of windows over the touches.
with touches as (
    select
        journeys.*,
        -- Position of a touch that is not direct; 0 of a direct one.
        case when direct_channels.channel is null then journeys.touch_position else 0 end
            as not_direct_position,
        {{ time_decay_weight('journeys.touched_at', 'journeys.last_touched_at') }} as decay_weight
    from {{ ref('int_attribution_journeys') }} as journeys
    left join {{ ref('attribution_direct_channels') }} as direct_channels
        on lower(journeys.channel) = direct_channels.channel
    where journeys.conversion_id is not null
),

journey_channels as (
    select
        journey_source,
        conversion_id,
        channel,
        count(*) as channel_touch_count,
        max(not_direct_position) as not_direct_position,
        sum(decay_weight) as decay_weight
    from touches
    group by 1, 2, 3
),

journeys as (
    select
        journey_source,
        conversion_id,
        count(*) as channel_count,
        max(not_direct_position) as last_not_direct_position,
        sum(decay_weight) as decay_weights
    from journey_channels
    group by 1, 2
),

touches_compared as (
    select
        touches.*,
        journey_channels.channel_touch_count,
        journeys.channel_count,
        journeys.last_not_direct_position,
        journeys.decay_weights
    from touches
    inner join journey_channels
        on
            touches.journey_source = journey_channels.journey_source
            and touches.conversion_id = journey_channels.conversion_id
            and touches.channel = journey_channels.channel
    inner join journeys
        on
            touches.journey_source = journeys.journey_source
            and touches.conversion_id = journeys.conversion_id
),

final as (
    select
        journey_source,
        conversion_id,
        touch_id,
        channel,
        campaign_id,
        touch_position,
        {% for model, credit in [
            ('first_touch', 'case when touch_position <= 1 then 1 else 0 end'),
            ('last_touch', 'case when touch_position = touch_count then 1 else 0 end'),
            ('last_non_direct', last_non_direct_credit()),
            ('linear', safe_ratio(1, 'touch_count', otherwise=1)),
            ('position_based', position_based_credit()),
            ('time_decay', safe_ratio('decay_weight', 'decay_weights')),
            ('shapley', safe_ratio(1, 'channel_count * channel_touch_count')),
        ] -%}
        cast({{ credit }} as {{ type_double() }}) as {{ model }},
        {% endfor -%}
        revenue
    from touches_compared
)

select * from final
