{#- 64-bit floating point; `float` is 32 bits on some engines. -#}
{% macro type_double() -%}
    {{ adapter.dispatch('type_double', 'marketing_analytics')() }}
{%- endmacro %}

{% macro default__type_double() -%}
    double precision
{%- endmacro %}

{% macro duckdb__type_double() -%}
    double
{%- endmacro %}

{% macro spark__type_double() -%}
    double
{%- endmacro %}

{% macro bigquery__type_double() -%}
    float64
{%- endmacro %}
