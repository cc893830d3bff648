with removals as (
    select * from {{ ref('int_attribution_removed_channels') }}
),

ends as (
    select * from {{ ref('int_attribution_steps_4') }}
),

final as (
    select
        removals.journey_source,
        removals.markov_order,
        removals.removed_channel,
        coalesce(max(case when ends.state = -1 then ends.mass end), 0) as conversion_rate,
        coalesce(max(case when ends.state = -3 then ends.mass end), 0) as revenue_per_journey,
        {{ exact_sum('case when ends.state > 0 then ends.mass else 0 end', digits=18) }}
            as unfinished_rate
    from removals
    left join ends
        on
            removals.journey_source = ends.journey_source
            and removals.markov_order = ends.markov_order
            and removals.removed_code = ends.removed_code
    group by 1, 2, 3
)

select * from final
