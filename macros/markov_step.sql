{#- Query: one step of a Markov chain, `mass` by state from `step` through `weights`, for each
    channel that is taken out. -#}
{% macro markov_step(step, weights) -%}
    select
        {{ step }}.journey_source,
        {{ step }}.markov_order,
        {{ step }}.removed_code,
        weights.to_state as state,
        {{ exact_sum(step ~ '.mass * weights.weight', digits=18) }} as mass
    from {{ step }}
    inner join {{ weights }} as weights
        on
            {{ step }}.journey_source = weights.journey_source
            and {{ step }}.markov_order = weights.markov_order
            and {{ step }}.state = weights.from_state
            and {{ step }}.removed_code <> weights.to_code_1
            and {{ step }}.removed_code <> weights.to_code_2
            and {{ step }}.removed_code <> weights.to_code_3
    group by 1, 2, 3, 4
{%- endmacro %}
