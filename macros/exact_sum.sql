{#- Sum of doubles that is the same in any order of rows, and on any number of threads: each is rounded to so many
    digits after the point first. 12 are for amounts below 1e14 a row, 18 for shares and probabilities. -#}
{% macro exact_sum(expression, digits=12) -%}
    cast(sum(cast({{ expression }} as {{ type_decimal(38, digits) }})) as {{ type_double() }})
{%- endmacro %}
