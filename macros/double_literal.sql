{#- A number of Jinja as a double, to its last digit; null where it is none. -#}
{% macro double_literal(value) -%}
    cast({{ "'" ~ value ~ "'" if value is number else 'null' }} as {{ type_double() }})
{%- endmacro %}
