-- Follows the journeys through each chain step by step, once as they are and once per channel as
-- if the channel led nowhere. Each step reads the one before once: engines that compute a step
-- anew for each reader would take 2^n times as long for squared matrices.
{%- set step_count = var('attribution_markov_steps') | int %}

with models as (
    select * from {{ ref('attribution_models') }}
    where is_enabled
),

channels as (
    select * from {{ ref('int_attribution_channels') }}
),

removals as (
    select
        channels.journey_source,
        models.markov_order,
        channels.channel as removed_channel,
        channels.channel_code as removed_code
    from channels
    inner join models
        on models.markov_order is not null
    union all
    -- No channel has this code: the chain as it is.
    select distinct
        channels.journey_source,
        models.markov_order,
        cast(null as {{ dbt.type_string() }}) as removed_channel,
        -1 as removed_code
    from channels
    inner join models
        on models.markov_order is not null
),

step_0 as (
    select
        journey_source,
        markov_order,
        removed_code,
        0 as state,
        cast(1 as {{ type_double() }}) as mass
    from removals
),

{% for step in range(step_count) -%}
step_{{ step + 1 }} as (
    {{ markov_step('step_' ~ step, ref('int_attribution_weights')) }}
),

{% endfor -%}
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
    left join step_{{ step_count }} as ends
        on
            removals.journey_source = ends.journey_source
            and removals.markov_order = ends.markov_order
            and removals.removed_code = ends.removed_code
    group by 1, 2, 3
)

select * from final
