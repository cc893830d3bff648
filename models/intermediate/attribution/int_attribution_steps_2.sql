with before as (
    select * from {{ ref('int_attribution_steps_1') }}
),

{{ markov_steps(2, 'before', ref('int_attribution_weights')) }}

select * from final
