{#- Query: sums over the customers of the step `scores`, per trial, as maximize_likelihood reads them. By a
    parameter's logarithm the second derivative has the first one added. -#}
{% macro likelihood_sums(parameter_count) -%}
select
    trial,
    sum(n) as customer_count,
    {{ exact_sum('n * log_likelihood') }} as log_likelihood,
    {%- for i in range(1, parameter_count + 1) %}
    {{ exact_sum('n * s_' ~ i) }} as score_{{ i }},
    {%- endfor %}
    {%- for i in range(1, parameter_count + 1) %}
    {%- set is_last = loop.last -%}
    {%- for j in range(1, i + 1) %}
    {{ exact_sum('n * (h_' ~ i ~ j ~ (' + s_' ~ i if i == j else '') ~ ')') }}
        as information_{{ i }}{{ j }}{{ ',' if not (is_last and loop.last) }}
    {%- endfor %}
    {%- endfor %}
from scores
group by 1
{%- endmacro %}
