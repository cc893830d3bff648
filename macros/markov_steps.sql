{#- CTEs: a quarter of the steps of the Markov chains, on from `before`; the last one is called final. Four models share
    the steps, because engines that put a CTE where it is read plan them all at once: BigQuery and Spark
    give up on some hundred joins one within another. -#}
{% macro markov_steps(quarter, before, weights) -%}
    {%- set total = var('attribution_markov_steps') | int -%}
    {%- set count = total * quarter // 4 - total * (quarter - 1) // 4 -%}
    {%- for step in range(1, count) -%}
step_{{ step }} as (
    {{ markov_step(before if step == 1 else 'step_' ~ (step - 1), weights) }}
),

{% endfor -%}
final as (
    {% if count == 0 -%}
    select * from {{ before }}
    {%- else -%}
    {{ markov_step(before if count == 1 else 'step_' ~ (count - 1), weights) }}
    {%- endif %}
)
{%- endmacro %}
