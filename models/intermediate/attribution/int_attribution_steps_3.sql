with before as (
    select * from {{ ref('int_attribution_steps_2') }}
),

{{ markov_steps(3, 'before', ref('int_attribution_weights')) }}

select * from final
