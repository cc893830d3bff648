-- Steps are touches without repeats of the same channel in a row. Eight of them tell paths apart,
-- not their text, where a name may hold what stands between two names.

with steps as (
    select
        *,
        row_number() over (
            partition by journey_source, journey_id order by touch_position nulls last
        ) as step_number
    from {{ ref('int_attribution_journeys') }}
    where
        previous_channel_1 is null
        or previous_channel_1 <> channel
),

journeys as (
    select
        journey_source,
        journey_id,
        {% for step in range(1, 9) -%}
        max(case when step_number = {{ step }} then channel end) as channel_{{ step }},
        {% endfor -%}
        max(step_number) > 8 as is_shortened,
        max(touch_count) as touch_count,
        max(case when conversion_id is not null then 1 else 0 end) as is_converted,
        max(revenue) as revenue,
        max({{ dbt.datediff('touched_at', 'converted_at', 'day') }}) as days_to_conversion
    from steps
    group by 1, 2
),

final as (
    select
        journey_source,
        {% for step in range(1, 9) -%}
        channel_{{ step }},
        {% endfor -%}
        is_shortened,
        count(*) as journey_count,
        sum(is_converted) as conversion_count,
        sum(revenue) as revenue,
        sum(touch_count) as touch_count,
        sum(days_to_conversion) as days_to_conversion
    from journeys
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
)

select * from final
