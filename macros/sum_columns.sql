{#- One `sum(column) as column` per name, for rolling rows up as they are. -#}
{% macro sum_columns(columns) -%}
    {%- for column in columns -%}
        sum({{ column }}) as {{ column }}{{ ',\n        ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
