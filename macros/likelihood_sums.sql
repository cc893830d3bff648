{#- Query: sums over the rows of the step `scores`, per trial, as maximize_likelihood reads them. -#}
{% macro likelihood_sums(parameter_count) -%}
select
    trial,
    sum(customer_count) as customer_count,
    {{ exact_sum('log_likelihood') }} as log_likelihood,
    {%- for i in range(1, parameter_count + 1) %}
    {{ exact_sum('s_' ~ i) }} as score_{{ i }},
    {%- endfor %}
    {%- for i in range(1, parameter_count + 1) %}
    {%- set is_last = loop.last -%}
    {%- for j in range(1, i + 1) %}
    {{ exact_sum('h_' ~ i ~ j) }} as information_{{ i }}{{ j }}{{ ',' if not (is_last and loop.last) }}
    {%- endfor %}
    {%- endfor %}
from scores
group by 1
{%- endmacro %}
