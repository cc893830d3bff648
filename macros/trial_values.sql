{#- Query: one row per trial, with its place in the list, the population it is fitted to and its parameters
    under their names. -#}
{% macro trial_values(trials, names) -%}
    {%- for trial in trials %}
    select
        {{ loop.index0 }} as trial,
        {{ text_literal(trial.domain) }} as domain,
        {{ text_literal(trial.period) }} as period,
        {{ text_literal(trial.segment) }} as segment,
        {%- for name in names %}
        {{ double_literal(trial.trial[loop.index0]) }} as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
