{#- Cast that gives null where the value does not fit. dbt.safe_cast raises an error on DuckDB. -#}
{% macro try_cast(expression, type) -%}
    {{ adapter.dispatch('try_cast', 'marketing_analytics')(expression, type) }}
{%- endmacro %}

{% macro default__try_cast(expression, type) -%}
    {{ dbt.safe_cast(expression, type) }}
{%- endmacro %}

{% macro duckdb__try_cast(expression, type) -%}
    try_cast({{ expression }} as {{ type }})
{%- endmacro %}
