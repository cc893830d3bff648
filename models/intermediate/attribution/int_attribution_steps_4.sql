with before as (
    select * from {{ ref('int_attribution_steps_3') }}
),

{{ markov_steps(4, 'before', ref('int_attribution_weights')) }}

select * from final
