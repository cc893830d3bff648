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

{% macro spark__try_cast(expression, type) -%}
    try_cast({{ expression }} as {{ type }})
{%- endmacro %}

{#- PostgreSQL has none: only what a pattern can tell, whole numbers. -#}
{% macro postgres__try_cast(expression, type) -%}
    {%- if type != dbt.type_bigint() -%}
        {{ exceptions.raise_compiler_error('try_cast knows only whole numbers on PostgreSQL, not ' ~ type) }}
    {%- endif -%}
    case
        when cast({{ expression }} as {{ dbt.type_string() }}) ~ '^\s*[+-]?[0-9]{1,18}\s*$'
            then cast(cast({{ expression }} as {{ dbt.type_string() }}) as {{ type }})
    end
{%- endmacro %}

{% macro redshift__try_cast(expression, type) -%}
    try_cast({{ expression }} as {{ type }})
{%- endmacro %}
