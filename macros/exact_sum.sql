{#- Sum of doubles that does not depend on the order of rows: to 18 digits after the point, as a double. -#}
{% macro exact_sum(expression) -%}
    cast(sum(cast({{ expression }} as {{ type_decimal(38, 18) }})) as {{ type_double() }})
{%- endmacro %}
