-- Follows the journeys through each chain step by step, once as they are and once per channel as if
-- the channel led nowhere. Each step reads the one before once: engines that compute a step anew
-- for each reader would take 2^n times as long for squared matrices.
with starts as (
    select
        journey_source,
        markov_order,
        removed_code,
        0 as state,
        cast(1 as {{ type_double() }}) as mass
    from {{ ref('int_attribution_removed_channels') }}
),

{{ markov_steps(1, 'starts', ref('int_attribution_weights')) }}

select * from final
